//! What does a card's instruction file say? It is read below the registry's folder or not at all.

use super::finding::{Finding, Source};
use super::path::instruction_path;
use super::{pointer, text::text};
use crate::{Code, Error, ExpertCard};

/// How an instruction file is read, given the parts of its checked path.
pub type Instructions<'a> = &'a dyn Fn(&[&str]) -> crate::Result<Source>;

/// Puts the file's text into the card; false where the card must do without, which makes it unusable.
pub fn read(
    path: &str,
    pointer: &str,
    card: &mut ExpertCard,
    instructions: Instructions,
    findings: &mut Vec<Finding>,
) -> bool {
    if card.instruction_file.is_empty() {
        return true;
    }
    let place = pointer::child(pointer, "instruction_file");
    match instruction_path(&card.instruction_file).and_then(|parts| instructions(&parts)) {
        Ok(source) => {
            let read = text(&source, findings);
            findings.extend(overridden(path, &card.instruction_text, &read).map(|finding| finding.pointer(place)));
            card.instruction_text = read;
            true
        }
        Err(error) => {
            findings.push(refused(path, &error).pointer(place));
            false
        }
    }
}

fn overridden(path: &str, said: &str, read: &str) -> Option<Finding> {
    let message = "`instruction_text` says something else than this file; the file counts; remove one of them";
    (!said.is_empty() && said.trim() != read.trim()).then(|| Finding::warning(path, "instruction-twice", message))
}

fn refused(path: &str, error: &Error) -> Finding {
    let code = if error.code() == Code::PathEscape { "path-escape" } else { "instruction-missing" };
    Finding::error(path, code, error.to_string())
}
