//! `canary-client FOLDER CREDENTIALS URL`: a client whose memory is looked into from outside. It takes its secrets from
//! files in which every byte is inverted, so that it has them nowhere itself, and clears what it has to read in plain.
//! It says where it has come to, and waits for a line, at each of three points.

use std::io::{self, Read, Write};
use std::path::Path;

use redpack::{Client, Credentials, Fen, Roots, Secret, SendRedPack};
use zeroize::{Zeroize, Zeroizing};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, credentials, url] = &arguments[..] else {
        return Err(io::Error::other("usage: canary-client FOLDER CREDENTIALS URL"));
    };
    let folder = Path::new(folder);
    let given = match credentials.as_str() {
        "pem_bytes" => {
            let certificate = plain(&folder.join("apiclient_cert.pem"))?;
            Credentials::pem(&certificate, &plain(&folder.join("apiclient_key.pem"))?)
        }
        "pem_files" => {
            Credentials::pem_files(folder.join("apiclient_cert.pem"), folder.join("apiclient_key.pem"))
        }
        "pkcs12_bytes" => Credentials::pkcs12(
            &plain(&folder.join("apiclient_cert.p12"))?,
            Some(inverted(folder, "passphrase")?),
        ),
        _ => return Err(io::Error::other("no such credentials")),
    };
    let builder = Client::builder("1900000109", "wx8888888888888888", inverted(folder, "api_key")?)
        .credentials(given)
        .roots(Roots::file(folder.join("ca.pem")))
        .base_url(url);
    wait("given")?;
    let client = builder.build().map_err(io::Error::other)?;
    for number in ["190000010926112400000000c1", "190000010926112400000000c2"] {
        let order = SendRedPack::new(number, "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100))
            .send_name("a")
            .act_name("b")
            .wishing("c")
            .remark("d");
        client.send(&order).map_err(io::Error::other)?;
    }
    client.replace_api_key(inverted(folder, "another_api_key")?).map_err(io::Error::other)?;
    client.replace_api_key(inverted(folder, "api_key")?).map_err(io::Error::other)?;
    wait("alive")?;
    drop(client);
    wait("freed")
}

/// Says where it has come to, and waits until it has been looked at.
fn wait(point: &str) -> io::Result<()> {
    let mut output = io::stdout();
    writeln!(output, "{point}")?;
    output.flush()?;
    io::stdin().read_exact(&mut [0])
}

/// A file, in a buffer of just its size that is cleared.
fn plain(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut file = std::fs::File::open(path)?;
    let size = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut bytes = Zeroizing::new(vec![0; size]);
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A secret from a file in which every byte is inverted. The buffer becomes the secret's own.
fn inverted(folder: &Path, name: &str) -> io::Result<Secret> {
    let mut bytes = plain(&folder.join(format!("inverted-{name}")))?;
    bytes.iter_mut().for_each(|byte| *byte = !*byte);
    let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
        error.into_bytes().zeroize();
        io::Error::other("a secret that is no text")
    })?;
    Ok(Secret::new(text))
}
