//! What the sandbox's READMEs show is run, in both languages: every command, every output, every example; and
//! their tables are held against the code.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/markdown.rs"]
mod markdown;
#[path = "support/session.rs"]
mod session;
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use markdown::{Block, alike, anchor, blocks, headings, prose, tables};
use serde_json::Value;
use session::{Session, exists};

const READMES: [(&str, &str); 2] = [("README.md", "C"), ("README.zh-CN.md", "zh_CN.UTF-8")];
/// Builds the binary that is under test here: the one command that isn't run.
const BUILD: &str = "make build && export PATH=\"$PWD/target/release:$PATH\"\n";
const START: &str = "redpack sandbox --listen 127.0.0.1:8443 --control-listen 127.0.0.1:8480 --dir try\n";

fn readme(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox").join(name);
    std::fs::read_to_string(path).expect(name)
}

/// A reader with a running sandbox and nothing else.
fn session() -> Session {
    needs_curl();
    let mut session = Session::new("C");
    session.start(START, |_| true);
    session
}

fn needs_curl() {
    assert!(exists("curl"), "the sandbox's READMEs need curl: on Debian or Ubuntu, apt-get install curl");
}

/// The lines that say something and are the same each time. (How a runtime words a lost answer is its own.)
fn steady(text: &str) -> Vec<&str> {
    let lost = "no readable answer: ";
    let cut = |line: &'_ str| line.find(lost).map_or(line.len(), |at| at + lost.len());
    text.lines().map(|line| line[..cut(line)].trim_end()).filter(|line| !line.is_empty()).collect()
}

fn is_shown(shown: &str, found: &str) -> bool {
    alike(&steady(shown), &steady(found))
}

#[test]
fn everything_that_the_readmes_show_works_as_shown() {
    needs_curl();
    for (name, lang) in READMES {
        let blocks = blocks(&readme(name));
        let mut session = Session::new(lang);
        let mut run = 0;
        for (at, block) in blocks.iter().enumerate() {
            let output = blocks.get(at + 1).filter(|next| next.follows && is_output(next));
            match block.language.as_str() {
                "sh" if block.text == BUILD => {}
                "sh" => run += u32::from(types(&mut session, block, output, name)),
                "python" | "js" => checks_syntax(&session, block),
                "rust" => {}
                _ => assert!(is_output(block) && block.follows, "{name}: nothing makes {}", block.text),
            }
        }
        assert!(run > 20, "{name}: {run} blocks were run");
    }
}

fn is_output(block: &Block) -> bool {
    matches!(block.language.as_str(), "text" | "json")
}

/// Runs a block and compares. False where this machine lacks what it takes.
fn types(session: &mut Session, block: &Block, output: Option<&Block>, readme: &str) -> bool {
    let shown = output.map(|output| output.text.as_str());
    if block.text.starts_with("redpack sandbox ") {
        let found = session.start(&block.text, |text| shown.is_none_or(|shown| is_shown(shown, text)));
        assert!(shown.is_none_or(|shown| is_shown(shown, &found)), "{readme}: {}{found}", block.text);
        return true;
    }
    for program in ["python3", "node"] {
        if block.text.starts_with(program) && !exists(program) {
            println!("not run, for want of {program}: {}", block.text);
            return false;
        }
    }
    let run = session.run(&block.text);
    let lost = shown.is_some_and(|shown| shown.contains("curl: (52)"));
    assert!(run.status == 0 || lost, "{readme}: {}{}", block.text, run.stdout);
    let complaint = |line: &str| line.starts_with("  \"error\": \"");
    assert!(!run.stdout.lines().any(complaint), "{readme}: {}{}", block.text, run.stdout);
    if let Some(shown) = shown {
        assert!(
            is_shown(shown, &run.stdout),
            "{readme}: {}shows\n{shown}but gives\n{}",
            block.text,
            run.stdout
        );
    }
    true
}

/// The calls with libraries that aren't installed here are read, not run.
fn checks_syntax(session: &Session, block: &Block) {
    let (file, program, arguments) = match block.language.as_str() {
        "python" => ("call.py", "python3", vec!["-m", "py_compile"]),
        _ => ("call.mjs", "node", vec!["--check"]),
    };
    let path = session.folder.path().join(file);
    std::fs::write(&path, &block.text).expect("a file");
    if exists(program) {
        let status = std::process::Command::new(program).args(arguments).arg(&path).status();
        assert!(status.expect(program).success(), "{}", block.text);
    }
}

#[test]
fn the_examples_pay_once_whatever_strikes() {
    let mut session = session();
    let mut script = String::new();
    let mut expected = 0;
    for (program, file) in [("python3", "lost_answer.py"), ("node", "lost_answer.mjs")] {
        if !exists(program) {
            println!("not run, for want of {program}: {file}");
            continue;
        }
        for fault in [
            "drop-after",
            "drop-before",
            "reset-after",
            "late-landing",
            "http-502-after",
            "redirect",
            "truncated",
            "cut-xml",
            "not-xml",
            "entity-bomb",
            "wrong-echo",
            "odd-form",
            "SYSTEMERROR-after",
            "NOTENOUGH",
        ] {
            script.push_str(&format!("{program} sandbox/examples/{file} {fault} | tail -n 1 &\n"));
            expected += 1;
        }
    }
    script.push_str("wait\n");
    let run = session.run(&script);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines, vec!["sent; debits: 1"; expected]);
    // The late landings land, and find their orders paid for.
    session.run("curl -sS http://127.0.0.1:8480/clock --data '{\"advance_seconds\": 600}'");
    let ledger: Value = get(&mut session, "/ledger");
    assert_eq!(ledger["totals"]["debits"], expected, "{ledger:#}");
}

fn get(session: &mut Session, path: &str) -> Value {
    let run = session.run(&format!("curl -sS http://127.0.0.1:8480{path}"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[test]
fn the_tables_agree_with_the_code() {
    let mut session = session();
    let policy = get(&mut session, "/policy");
    let faults = get(&mut session, "/faults");
    let control = get(&mut session, "/");
    let fields =
        session.run("curl -sS http://127.0.0.1:8480/faults --data '{\"fault\": \"drop\", \"x\": 1}'").stdout;
    let (_, fields) = fields.split_once("expected one of ").expect("what a rule may have");
    for (name, _) in READMES {
        let text = readme(name);
        let tables = tables(&text);
        // The row of that name, in the table that has one of another name too.
        let row = |beside: &str, first: &str| {
            let has =
                |table: &&Vec<Vec<&str>>, name: &str| table.iter().any(|row| row[0] == format!("`{name}`"));
            let table = tables.iter().find(|table| has(table, beside)).expect(beside);
            let found: Vec<_> = table.iter().filter(|row| row[0] == format!("`{first}`")).collect();
            assert_eq!(found.len(), 1, "{name}: rows of {first}");
            found[0].clone()
        };
        for (switch, default) in policy.as_object().expect("switches") {
            let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            let row = row("repeat_after_success", switch);
            assert_eq!(row[1].split('`').nth(1), Some(default.as_str()), "{name}: the default of {switch}");
            assert!(row.len() == 4 && row.iter().all(|cell| !cell.is_empty()), "{name}: {row:?}");
        }
        let known: BTreeSet<&str> =
            prose(&text).iter().flat_map(|line| line.split('`').skip(1).step_by(2)).collect();
        for on in ["send", "query", "connection"] {
            for fault in faults["names"][on].as_array().expect("names") {
                let fault = fault.as_str().expect("a name");
                assert!(known.contains(fault), "{name}: {fault} on {on}");
            }
        }
        for path in control["control"].as_array().expect("paths") {
            for method in path["methods"].as_array().expect("methods") {
                let text = |value: &Value| value.as_str().expect("text").to_owned();
                row("GET /", &format!("{} {}", text(method), text(&path["path"])));
            }
        }
        let mut fields: Vec<&str> = fields.split('`').skip(1).step_by(2).collect();
        fields.retain(|field| !field.is_empty());
        assert!(fields.len() > 12, "{fields:?}");
        fields.into_iter().for_each(|field| drop(row("probability", field)));
    }
}

#[test]
fn both_readmes_have_the_same_shape() {
    let [english, chinese] = READMES.map(|(name, _)| readme(name));
    let depths = |text: &str| headings(text).iter().map(|(depth, _)| *depth).collect::<Vec<_>>();
    assert_eq!(depths(&english), depths(&chinese));
    // Commands and programs are the same in any language; of outputs, the banner alone is translated.
    let (ours, theirs) = (blocks(&english), blocks(&chinese));
    assert_eq!(ours.len(), theirs.len());
    let mut differing = Vec::new();
    for (english, chinese) in ours.iter().zip(&theirs) {
        assert_eq!((&english.language, english.follows), (&chinese.language, chinese.follows));
        if english.text != chinese.text {
            differing.push(english);
        }
    }
    assert!(
        differing.iter().all(|block| matches!(block.language.as_str(), "text" | "rust")),
        "{differing:#?}"
    );
    assert_eq!(differing.iter().filter(|block| block.language == "text").count(), 1, "{differing:#?}");
    let (ours, theirs) = (tables(&english), tables(&chinese));
    assert_eq!(ours.len(), theirs.len());
    for (english, chinese) in ours.iter().zip(&theirs) {
        assert_eq!(english.len(), chinese.len(), "{english:#?}\n{chinese:#?}");
        for (english, chinese) in english.iter().zip(chinese) {
            assert_eq!(english.len(), chinese.len(), "{english:#?}\n{chinese:#?}");
            let names =
                |row: &[&str]| row[0].split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(names(english), names(chinese));
        }
    }
    let lists =
        |text: &str| prose(text).iter().filter(|line| line.starts_with("- ") || numbered(line)).count();
    assert_eq!(lists(&english), lists(&chinese));
}

fn numbered(line: &str) -> bool {
    line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok())
}

#[test]
fn links_lead_somewhere() {
    for (name, _) in READMES {
        let text = readme(name);
        let anchors: BTreeSet<String> = headings(&text).iter().map(|(_, heading)| anchor(heading)).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox");
        let prose = prose(&text).join("\n");
        let links: Vec<&str> = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(links.len() > 10, "{name}");
        for link in links {
            match link.strip_prefix('#') {
                Some(to) => assert!(anchors.contains(to), "{name}: {link} of {anchors:?}"),
                None => {
                    assert!(link.starts_with("https://") || folder.join(link).is_file(), "{name}: {link}")
                }
            }
        }
    }
}
