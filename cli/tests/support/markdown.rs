//! What a README is made of, as far as tests need it.

/// A fenced block, and whether nothing but a blank line is between it and the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub language: String,
    pub text: String,
    pub follows: bool,
}

/// The blocks in their order.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    let mut follows = false;
    for line in text.lines() {
        match (open, line.strip_prefix("```")) {
            (false, Some(language)) => {
                blocks.push(Block { language: language.to_owned(), text: String::new(), follows });
                open = true;
            }
            (true, Some(_)) => (open, follows) = (false, true),
            (true, None) => {
                let block = blocks.last_mut().expect("an open block");
                block.text.push_str(line);
                block.text.push('\n');
            }
            (false, None) => follows &= line.is_empty(),
        }
    }
    assert!(!open, "a block doesn't end");
    blocks
}

/// The lines outside of blocks.
pub fn prose(text: &str) -> Vec<&str> {
    let mut open = false;
    let outside = |line: &&str| {
        let fence = line.starts_with("```");
        open ^= fence;
        !open && !fence
    };
    text.lines().filter(outside).collect()
}

/// The tables: rows of cells, without the line of dashes.
pub fn tables(text: &str) -> Vec<Vec<Vec<&str>>> {
    let mut tables: Vec<Vec<Vec<&str>>> = Vec::new();
    let mut inside = false;
    for line in prose(text) {
        let Some(row) = line.strip_prefix('|').and_then(|row| row.strip_suffix('|')) else {
            inside = false;
            continue;
        };
        if !inside {
            tables.push(Vec::new());
            inside = true;
        }
        if row.starts_with("---") {
            continue;
        }
        tables.last_mut().expect("a table").push(row.split('|').map(str::trim).collect());
    }
    tables
}

/// The headings with their depth.
pub fn headings(text: &str) -> Vec<(usize, &str)> {
    let heading = |line: &'_ str| line.starts_with('#');
    prose(text)
        .into_iter()
        .filter(|line| heading(line))
        .map(|line| (line.find(' ').unwrap_or_default(), line.trim_start_matches('#').trim()))
        .collect()
}

/// A heading's name in links.
pub fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Whether the lines are those shown. A line `…` stands for any number of them.
pub fn alike(shown: &[&str], found: &[&str]) -> bool {
    match shown.split_first() {
        None => found.is_empty(),
        Some((&"…", rest)) => (0..=found.len()).any(|at| alike(rest, &found[at..])),
        Some((line, rest)) => {
            found.split_first().is_some_and(|(first, more)| first == line && alike(rest, more))
        }
    }
}
