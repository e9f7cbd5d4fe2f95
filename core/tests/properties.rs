//! Properties of the XML and of signatures that must hold for every input.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use proptest::prelude::*;
use redpack::sign::{SignType, sign, verify};
use redpack::{Fen, Secret, Timestamp, xml};

/// Texts with everything that has ever broken a writer, and anything else.
fn text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "]]>",
        "]]",
        "<![CDATA[",
        "&amp;",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "\r\n",
        "\r",
        "\n",
        "🧧",
        "㊗️",
        "一",
        " ",
        "\t",
        "&#13;",
        "<!--",
        "\u{feff}",
    ]);
    prop::collection::vec(prop_oneof![nasty.prop_map(String::from), any::<String>()], 0..6)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn legal_text_round_trips_and_illegal_text_is_refused(value in text(), other in text()) {
        let written = xml::write([("a", value.as_str()), ("b", other.as_str())]);
        prop_assert_eq!(written.is_some(), xml::is_legal(&value) && xml::is_legal(&other));
        if let Some(written) = written {
            let root = xml::read(written.as_bytes()).expect("what we write we can read");
            prop_assert_eq!(&root.children[0].text, &value);
            prop_assert_eq!(&root.children[1].text, &other);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = xml::read(&bytes);
    }

    #[test]
    fn no_markup_makes_the_reader_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "<xml>", "</xml>", "<a>", "</a>", "<a/>", "<![CDATA[", "]]>", "&lt;", "&x;", "&#", ";", "<!--", "-->", "<?", "?>",
        "<!DOCTYPE", "<", ">", "x", " ", "'", "\"", "=", "&#x10FFFF;", "\u{feff}", "]",
    ]), 0..40)) {
        let text = parts.concat();
        if let Ok(root) = xml::read(text.as_bytes()) {
            prop_assert_eq!(root.name, "xml");
        }
    }

    #[test]
    fn a_document_cut_short_is_never_read(value in text(), cut in 0.0..1.0f64) {
        prop_assume!(xml::is_legal(&value));
        let written = xml::write([("return_code", "SUCCESS"), ("a", value.as_str())]).expect("legal");
        let end = (written.len() as f64 * cut) as usize;
        prop_assert!(xml::read(&written.as_bytes()[..end]).is_err());
    }

    #[test]
    fn any_change_breaks_the_signature(value in "[a-z]{1,20}", other in "[a-z]{1,20}", hmac in any::<bool>()) {
        let sign_type = if hmac { SignType::HmacSha256 } else { SignType::Md5 };
        let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
        let signature = sign([("a", value.as_str())], &key, sign_type);
        prop_assert_eq!(verify([("a", other.as_str())], &key, &signature), value == other);
    }

    #[test]
    fn amounts_and_times_round_trip(fen in any::<u64>(), seconds in 0i64..253_402_214_400) {
        prop_assert_eq!(Fen(fen).to_string().parse(), Ok(Fen(fen)));
        prop_assert_eq!(Fen::from_yuan(&Fen(fen).to_yuan()), Ok(Fen(fen)));
        let time = Timestamp::from_unix_seconds(seconds);
        prop_assert_eq!(Timestamp::from_wire(&time.to_wire()), Some(time));
    }
}
