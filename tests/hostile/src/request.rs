//! What the server must know of a request, to answer it.

use std::io::{self, Read};

/// A request's body, of which fields are found by their names.
pub(crate) struct Request {
    body: String,
}

impl Request {
    /// Reads one; an error where the connection ends first.
    pub fn read(from: &mut impl Read) -> io::Result<Self> {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            from.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.ok_or(io::ErrorKind::InvalidData)?];
        from.read_exact(&mut body)?;
        Ok(Self { body: String::from_utf8(body).map_err(io::Error::other)? })
    }

    /// The text of a field, as it is in the XML that the client writes.
    fn field(&self, name: &str) -> &str {
        let (start, end) = (format!("<{name}>"), format!("</{name}>"));
        let found = self.body.split_once(&start).and_then(|(_, rest)| rest.split_once(&end));
        let text = found.map_or("", |(text, _)| text);
        text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).unwrap_or(text)
    }

    /// The text with every name in braces replaced.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = text.replace("{success}", SUCCESS).replace("{failure}", FAILURE);
        for name in ["mch_billno", "mch_id", "wxappid", "re_openid", "total_amount", "remark"] {
            filled = filled.replace(&format!("{{{name}}}"), self.field(name));
        }
        filled
    }
}

const SUCCESS: &str = "<xml><return_code><![CDATA[SUCCESS]]></return_code>\
    <result_code><![CDATA[SUCCESS]]></result_code><mch_billno><![CDATA[{mch_billno}]]></mch_billno>\
    <mch_id>{mch_id}</mch_id><wxappid><![CDATA[{wxappid}]]></wxappid><re_openid><![CDATA[{re_openid}]]></re_openid>\
    <total_amount>{total_amount}</total_amount><send_listid>100000000020150520314766074200</send_listid></xml>";
const FAILURE: &str = "<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code>\
    <err_code>PARAM_ERROR</err_code><mch_billno>{mch_billno}</mch_billno><mch_id>{mch_id}</mch_id></xml>";
