//! How is it told to an agent? Markdown in which a card's text can forge no heading, link or code.

use super::auto_route::AutoRoute;
use super::discover::Discovery;
use super::found::Found;
use super::routing::Routing;
use super::suggest::Suggestion;
use crate::emit::{cut, one_line};
use crate::search::Reason;
use crate::text::escape_markdown;

const DESCRIPTION_CHARS: usize = 260;
const SHORT_CHARS: usize = 100;
const KEYWORDS: usize = 12;

impl Discovery {
    /// The skills under a heading each.
    pub fn markdown(&self) -> String {
        let skills: String = self.skills.iter().map(|skill| section("##", mark(skill), skill)).collect();
        format!("# Skills found for: {}\n\n{}{skills}", inert(&self.query), none(self.reason))
    }
}

impl Suggestion {
    /// The best skill, and what stands beside it.
    pub fn markdown(&self) -> String {
        let head = format!("# Recommended skill\n\n**Task**: {}\n\n{}", inert(&self.task), none(self.reason));
        let Some(best) = &self.best else { return head };
        let all = std::iter::once(best).chain(&self.alternatives).enumerate();
        let listed: String = all.map(|(at, skill)| format!("{}. {}\n", at + 1, line(skill))).collect();
        format!("{head}## Matches\n\n{listed}\n{}", section("## Best:", mark(best), best))
    }
}

impl AutoRoute {
    /// Every skill by what has to be done with it.
    pub fn markdown(&self) -> String {
        let head = format!("# Skills for this task\n\n**Task**: {}\n\n{}", inert(&self.task), none(self.reason));
        let ready = group("Ready", "✅", &self.loaded);
        let arrived = group("Loaded now", "🔄", &self.arrived);
        let unloaded = group("At hand, not loaded", "📦", &self.unloaded);
        head + &ready + &arrived + &unloaded + &group("Remote, not installed", "☁️", &self.remote)
    }
}

impl Routing {
    /// The chosen skills, what else was suggested, and why.
    pub fn markdown(&self) -> String {
        let head = format!("# Route\n\n**Task**: {}\n\n{}", inert(&self.task), none(self.reason));
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

/// Why there is nothing, where there is nothing.
fn none(reason: Option<Reason>) -> String {
    reason.map_or(String::new(), |reason| format!("No skill fits: {reason}.\n"))
}

/// Skills under one heading; nothing of none.
fn group(title: &str, mark: &str, skills: &[Found]) -> String {
    if skills.is_empty() {
        return String::new();
    }
    let sections: String = skills.iter().map(|skill| section("###", mark, skill)).collect();
    format!("## {title} ({})\n\n{sections}", skills.len())
}

fn section(level: &str, mark: &str, skill: &Found) -> String {
    let keywords: Vec<String> = skill.keywords.iter().take(KEYWORDS).map(|keyword| inert(keyword)).collect();
    let fields = [
        ("ID", code(&skill.id)),
        ("Description", inert(&cut(&one_line(&skill.description), DESCRIPTION_CHARS))),
        ("Keywords", keywords.join(", ")),
    ];
    let said = fields.iter().filter(|(_, text)| !text.is_empty());
    let listed: String = said.map(|(name, text)| format!("- **{name}**: {text}\n")).collect();
    format!("{level} {mark} {} (match: {})\n\n{listed}\n", inert(&skill.title), percent(skill.fit))
}

fn line(skill: &Found) -> String {
    let description = inert(&cut(&one_line(&skill.description), SHORT_CHARS));
    format!("{} **{}**: {description} ({})", mark(skill), inert(&skill.title), percent(skill.fit))
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

/// On one line, and no mark of it counts.
fn inert(text: &str) -> String {
    escape_markdown(&one_line(text))
}

fn codes(ids: &[String]) -> String {
    ids.iter().map(|id| code(id)).collect::<Vec<_>>().join(", ")
}

/// An id as code, which no backtick in it ends.
fn code(id: &str) -> String {
    let id = one_line(id);
    if id.contains('`') { escape_markdown(&id) } else { format!("`{id}`") }
}
