//! Which documents stand beside the cards, and in which form?

use super::cut::{one_line, printable};
use super::fence::fenced;
use super::{Emitted, Provider, claude, codex};
use crate::card::{Access, RagContext};
use crate::search::{Cited, DocumentRequest, DocumentRetriever, Request};
use crate::{Result, order};

/// What stands between a heading and the one below it.
const BELOW: &str = " > ";

/// What the caller wants of documents; what is left out is as each card has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AskedDocuments {
    /// Who asks instead of the cards; none: each card asks for itself.
    pub skills: Vec<String>,
    /// Whether documents are wanted whoever they are for.
    pub all: bool,
    /// If there are any, only documents with one of these tags.
    pub tags: Vec<String>,
    /// How many chunks at most.
    pub top_k: Option<usize>,
}

/// What one asker wants to read.
struct Wanted {
    access: Access,
    top_k: usize,
}

impl AskedDocuments {
    /// What each asker wants: the caller's skills together, or else each card for itself.
    fn wanted(&self, cards: &[Emitted]) -> Vec<Wanted> {
        if self.all || !self.skills.is_empty() {
            let access = Access { all: self.all, skills: self.skills.clone(), tags: self.tags.clone() };
            return vec![Wanted { access, top_k: self.top_k.unwrap_or(RagContext::default().top_k) }];
        }
        cards.iter().filter_map(|emitted| self.wanted_by(emitted)).collect()
    }

    fn wanted_by(&self, Emitted { card, .. }: &Emitted) -> Option<Wanted> {
        let context = card.rag_context.clone().unwrap_or_default();
        let mut access = context.access(&card.id);
        if !self.tags.is_empty() {
            access.tags.clone_from(&self.tags);
        }
        (context.enabled && context.top_k > 0).then(|| Wanted { access, top_k: self.top_k.unwrap_or(context.top_k) })
    }
}

/// The chunks that answer `query`, one of each asker by turns. Cards and documents are ranked apart, so neither takes the
/// other's place.
pub fn cited(
    docs: &DocumentRetriever,
    query: &Request,
    cards: &[Emitted],
    asked: &AskedDocuments,
) -> Result<Vec<Cited>> {
    let wanted = asked.wanted(cards);
    let most = wanted.iter().map(|wanted| wanted.top_k).max().unwrap_or(0);
    let cite = |Wanted { access, top_k }| {
        let query = Request { top_k, ..query.clone() };
        docs.cite(&DocumentRequest { query, access, offset: 0 })
    };
    let found = wanted.into_iter().map(cite).collect::<Result<Vec<_>>>()?;
    Ok(by_turns(found, most))
}

/// The first of each list, then the second of each, without repeats.
fn by_turns(found: Vec<Vec<Cited>>, most: usize) -> Vec<Cited> {
    let mut turns: Vec<(usize, usize, Cited)> = Vec::new();
    for (list, chunks) in found.into_iter().enumerate() {
        turns.extend(chunks.into_iter().enumerate().map(|(rank, chunk)| (rank, list, chunk)));
    }
    order::sort_by_key(&mut turns, |(rank, list, _)| (*rank, *list));
    let mut seen = std::collections::BTreeSet::new();
    turns.into_iter().map(|(.., chunk)| chunk).filter(|chunk| seen.insert(chunk.number)).take(most).collect()
}

/// A block of documents with where each was found; nothing where there are none.
///
/// ```
/// use skillmesh::emit::{Provider, render_documents};
/// use skillmesh::search::Cited;
/// let cited = Cited { path: "a.md".into(), url: "a.md#x".into(), text: "</text>".into(), ..Cited::default() };
/// let block = render_documents(Provider::Claude, &[cited]);
/// assert!(block.contains("<url>a.md#x</url>") && block.contains("<text>&lt;/text&gt;</text>"));
/// assert_eq!(render_documents(Provider::Codex, &[]), "");
/// ```
pub fn render_documents(provider: Provider, documents: &[Cited]) -> String {
    match (provider, documents) {
        (_, []) => String::new(),
        (Provider::Claude, documents) => claude_block(documents),
        (Provider::Codex, documents) => codex_block(documents),
    }
}

/// Name and value of each line about a chunk.
fn lines(document: &Cited) -> [(&'static str, String); 4] {
    let headings: Vec<&str> = document.headings.iter().map(String::as_str).filter(|h| *h != document.title).collect();
    [
        ("section", one_line(&headings.join(BELOW))),
        ("source", one_line(&document.path)),
        ("url", one_line(&document.url)),
        ("score", format!("{:.4}", document.score)),
    ]
}

fn claude_block(documents: &[Cited]) -> String {
    let mut out = vec!["<retrieved_documents>".to_owned()];
    for document in documents {
        out.push("<document>".to_owned());
        out.extend(claude::element("title", &one_line(&document.title)));
        out.extend(lines(document).iter().filter_map(|(name, value)| claude::element(name, value)));
        out.extend(claude::element("text", printable(&document.text).trim()));
        out.push("</document>".to_owned());
    }
    out.push("</retrieved_documents>\n".to_owned());
    out.join("\n")
}

fn codex_block(documents: &[Cited]) -> String {
    let mut out = "# Retrieved SkillMesh Documents\n".to_owned();
    for (i, document) in documents.iter().enumerate() {
        out += &format!("\n## {}. {}\n", i + 1, codex::plain(&document.title));
        for (name, value) in lines(document).iter().filter(|(_, value)| !value.is_empty()) {
            let (first, rest) = name.split_at(1);
            let value = if *name == "url" { address(value) } else { codex::plain(value) };
            out += &format!("- {}{rest}: {value}\n", first.to_ascii_uppercase());
        }
        out += &format!("- Text:\n\n{}\n", fenced(printable(&document.text).trim()));
    }
    out
}

/// An address on its line: what could begin a tag or code is encoded, since escaping it would name another page.
fn address(url: &str) -> String {
    url.replace('<', "%3C").replace('`', "%60")
}
