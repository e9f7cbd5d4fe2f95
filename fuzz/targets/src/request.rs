//! Requests of every kind: what is accepted is signed rightly, obeys the printed rules, and comes out of our reader
//! as it went in; what is refused is refused with a name.

use redpack::table::{ENDPOINTS, Purpose};
use redpack::{Call, Error, ErrorKind, Outcome, Request, SignType, sign, xml};

use crate::input::Input;

/// The first byte chooses the endpoint; then fields: which, length, value.
pub fn request(data: &[u8]) {
    let mut input = Input(data);
    let Some(first) = input.byte() else { return };
    if first % 8 == 7 {
        return call(&mut input);
    }
    let endpoint = ENDPOINTS[usize::from(first) % ENDPOINTS.len()];
    let mut request = Request::new(endpoint);
    while let (Some(field), Some(value)) = (input.byte(), input.piece()) {
        let Ok(value) = std::str::from_utf8(value) else { continue };
        let field = endpoint.fields[usize::from(field) % endpoint.fields.len()].name;
        request.set(field, value).expect("a field of the table");
    }
    let encoded = request.encode(&crate::merchant());
    let wire = match encoded {
        Ok(wire) => wire,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(!error.problems().is_empty(), "refused without a reason");
            let known = |name: &str| endpoint.fields.iter().any(|field| field.name == name);
            assert!(error.problems().iter().all(|problem| known(&problem.field)), "{error}");
            assert_eq!(error.outcome() == Outcome::NotSent, endpoint.purpose == Purpose::Send);
            hidden(&request, &error);
            return;
        }
    };
    assert_eq!(wire.path, endpoint.path);
    let fields = read_back(&wire.body);
    for field in endpoint.fields {
        let sent = fields.iter().find(|(name, _)| name == field.name).map(|(_, value)| &**value);
        if let Some(given) = request.get(field.name) {
            assert_eq!(sent, Some(given), "{} changed on its way", field.name);
        }
    }
    let value = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let number = value("mch_billno").expect("every kind has its number");
    assert!(
        !number.is_empty() && number.len() <= 28 && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
    );
    if endpoint.purpose == Purpose::Send {
        let amount: u64 = value("total_amount").expect("an amount").parse().expect("digits");
        assert!(amount > 0);
        let again = request.encode(&crate::merchant()).expect("accepted before");
        assert_eq!(again.body, wire.body, "a send encoded twice gives the same bytes");
    }
    signed(&fields);
}

/// The openid is seen in no error; where it was given as the number, too, only what has an openid's shape is known.
/// Other characters than an openid's are not looked at: an error that quotes may make such a text of its own.
fn hidden(request: &Request, error: &Error) {
    let of_an_openid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let Some(openid) = request.get("re_openid").filter(|openid| openid.len() > 12) else { return };
    // A rule names what it wants, whatever stands in the openid's place.
    let in_a_rule = error.problems().iter().any(|problem| problem.rule.contains(openid));
    if in_a_rule || !openid.bytes().all(of_an_openid) {
        return;
    }
    let shaped = openid.len() == 28 && openid.starts_with('o');
    let mixed_up = request.get("mch_billno").is_some_and(|number| number.contains(openid));
    if !mixed_up || (shaped && request.get("mch_billno") == Some(openid)) {
        assert!(!format!("{error} {error:?}").contains(openid), "the openid in {error}");
    }
}

fn call(input: &mut Input<'_>) {
    let hmac = input.byte().is_some_and(|byte| byte & 1 == 1);
    let mut call = Call::new("/mmpaymkttransfers/x");
    if hmac {
        call = call.sign_type(SignType::HmacSha256);
    }
    let mut given = Vec::new();
    while let (Some(name), Some(value)) = (input.piece(), input.piece()) {
        let (Ok(name), Ok(value)) = (std::str::from_utf8(name), std::str::from_utf8(value)) else { continue };
        call = call.field(name, value);
        given.push((name.to_owned(), value.to_owned()));
    }
    match call.encode(&crate::merchant()) {
        Err(error) => assert!(error.kind() == ErrorKind::InvalidRequest && !error.problems().is_empty()),
        Ok(wire) => {
            let fields = read_back(&wire.body);
            for (name, value) in given.iter().filter(|(name, value)| !value.is_empty() && name != "mch_id") {
                assert!(fields.contains(&(name.clone(), value.clone())), "{name} is not as it was given");
            }
            signed(&fields);
        }
    }
}

fn read_back(body: &str) -> Vec<(String, String)> {
    let root = xml::read(body.as_bytes()).expect("what we write, we read");
    let fields: Vec<_> = root.children.into_iter().map(|child| (child.name, child.text)).collect();
    for (index, (name, value)) in fields.iter().enumerate() {
        assert!(!value.is_empty(), "{name} was written without a value");
        assert!(!fields[..index].iter().any(|(earlier, _)| earlier == name), "{name} twice");
    }
    fields
}

fn signed(fields: &[(String, String)]) {
    let signature = fields.iter().find(|(name, _)| name == "sign").map(|(_, value)| value.clone());
    let pairs = || fields.iter().map(|(name, value)| (&**name, &**value)).filter(|(name, _)| *name != "sign");
    let key = crate::merchant().api_key;
    assert!(sign::verify(pairs(), &key, &signature.expect("signed")), "a wrong signature");
}
