//! How is it told to an agent? Markdown in which a card's text can forge no heading, link or code.

use super::auto_route::AutoRoute;
use super::discover::Discovery;
use super::found::Found;
use super::routing::Routing;
use super::suggest::Suggestion;
use crate::emit::{cut, inert, one_line};
use crate::search::Reason;
use crate::text::escape_markdown;

/// Where the whole instructions of a skill can be read, if anywhere.
pub type Place<'a> = dyn Fn(&Found) -> Option<String> + 'a;

const DESCRIPTION_CHARS: usize = 260;
const SHORT_CHARS: usize = 100;
const KEYWORDS: usize = 12;

impl Discovery {
    /// The skills under a heading each.
    pub fn markdown(&self) -> String {
        self.markdown_with(&|_| None)
    }

    /// The same with the place of each skill.
    pub fn markdown_with(&self, place: &Place) -> String {
        let heading = |skill: &Found| format!("{} {}", mark(skill), inert(&skill.title));
        let skills: String = self.skills.iter().map(|skill| section("##", &heading(skill), skill, place)).collect();
        format!("# 🔍 Discovery Results: {}\n\n{}{skills}", inert(&self.query), none(self.reason))
    }
}

impl Suggestion {
    /// The best skill, and what stands beside it.
    pub fn markdown(&self) -> String {
        self.markdown_with(&|_| None)
    }

    /// The same with the place of each skill.
    pub fn markdown_with(&self, place: &Place) -> String {
        let head = format!("# 💡 Skill Recommendation\n\n{}{}", task(&self.task), none(self.reason));
        let Some(best) = &self.best else { return head };
        let all = std::iter::once(best).chain(&self.alternatives);
        let listed = numbered(all.map(|skill| format!("{} {}", mark(skill), line(skill, place))));
        let heading = format!("Best Match: {} {}", mark(best), inert(&best.title));
        format!("{head}## Top Matches\n\n{listed}{}", section("##", &heading, best, place))
    }
}

impl AutoRoute {
    /// Every skill by what has to be done with it.
    pub fn markdown(&self) -> String {
        self.markdown_with(&|_| None)
    }

    /// The same with the place of each skill.
    pub fn markdown_with(&self, place: &Place) -> String {
        let head = format!("# 🎯 Auto-Route: Task Preparation\n\n{}{}", task(&self.task), none(self.reason));
        let here = [("✅ Loaded", &self.loaded), ("🔄 Auto-loaded", &self.arrived), ("📦 Not loaded", &self.unloaded)]
            .map(|(state, skills)| group(state, skills, place))
            .concat();
        let ready = self.loaded.len() + self.arrived.len();
        let relevant = some(&here, &format!("## ✅ Relevant Skills ({ready} loaded)\n\n"));
        let remote = numbered(self.remote.iter().map(|skill| line(skill, place)));
        head + &relevant + &some(&remote, "## ☁️ Remote Skills (not installed)\n\n")
    }
}

impl Routing {
    /// The chosen skills, what else was suggested, and why.
    pub fn markdown(&self) -> String {
        let chosen = !self.selected_skills.is_empty() || !self.suggested_skills.is_empty();
        let none = none(self.reason.filter(|_| !chosen));
        let head = format!("# 🧭 Route\n\n{}{none}", task(&self.task));
        let fields = [
            ("Skills", codes(&self.selected_skills)),
            ("Suggested", codes(&self.suggested_skills)),
            ("Brief", inert(&self.mission_brief)),
            ("Confidence", percent(self.confidence)),
            ("Why", inert(&self.reasoning)),
        ];
        let said = fields.iter().filter(|(_, text)| !text.is_empty());
        said.fold(head, |text, (name, value)| text + &format!("- **{name}**: {value}\n"))
    }
}

fn group(state: &str, skills: &[Found], place: &Place) -> String {
    skills.iter().map(|skill| section("###", &format!("{state}: {}", inert(&skill.title)), skill, place)).collect()
}

fn task(text: &str) -> String {
    format!("**Task**: {}\n\n", inert(text))
}

/// Why there is nothing, where there is nothing.
fn none(reason: Option<Reason>) -> String {
    reason.map_or(String::new(), |reason| format!("No skill fits: {reason}.\n"))
}

/// A text under its heading; nothing of none.
fn some(text: &str, heading: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{heading}{text}") }
}

fn section(level: &str, heading: &str, skill: &Found, place: &Place) -> String {
    let keywords: Vec<String> = skill.keywords.iter().take(KEYWORDS).map(|keyword| inert(keyword)).collect();
    let fields = [
        ("ID", code(&skill.id)),
        ("Description", inert(&cut(&one_line(&skill.description), DESCRIPTION_CHARS))),
        ("Keywords", keywords.join(", ")),
        ("Instructions", place(skill).map_or_else(String::new, |place| code(&place))),
    ];
    let said = fields.iter().filter(|(_, text)| !text.is_empty());
    let listed: String = said.map(|(name, text)| format!("- **{name}**: {text}\n")).collect();
    format!("{level} {heading} (Match: {})\n\n{listed}\n", percent(skill.fit))
}

/// `1.` and so on, and an empty line.
fn numbered(lines: impl Iterator<Item = String>) -> String {
    let listed: Vec<String> = lines.enumerate().map(|(at, line)| format!("{}. {line}\n", at + 1)).collect();
    if listed.is_empty() { String::new() } else { listed.concat() + "\n" }
}

/// One skill on one line.
fn line(skill: &Found, place: &Place) -> String {
    let description = inert(&cut(&one_line(&skill.description), SHORT_CHARS));
    let place = place(skill).map_or_else(String::new, |place| format!(": {}", code(&place)));
    format!("**{}** ({}): {description} ({}){place}", inert(&skill.title), code(&skill.id), percent(skill.fit))
}

fn mark(skill: &Found) -> &'static str {
    match (skill.installed, skill.is_remote()) {
        (true, _) => "✅",
        (false, true) => "☁️",
        (false, false) => "📦",
    }
}

fn percent(fit: f32) -> String {
    format!("{:.0}%", fit * 100.0)
}

fn codes(ids: &[String]) -> String {
    ids.iter().map(|id| code(id)).collect::<Vec<_>>().join(", ")
}

/// An id as code, which no backtick in it ends.
pub fn code(id: &str) -> String {
    let id = one_line(id);
    if id.contains('`') { escape_markdown(&id) } else { format!("`{id}`") }
}
