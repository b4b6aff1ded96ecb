//! What is told of a skill that was found?

use serde::Serialize;

use crate::card::Source;
use crate::search::{Level, MinConfidence, RankedCards, Reason, Request, SkillRetriever};
use crate::{ExpertCard, Result};

/// A skill that likely does not fit is not relevant.
const RELEVANT_FROM: f32 = 0.5;

/// A skill, and how well it fits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// The name a person reads.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Its tags.
    pub keywords: Vec<String>,
    /// How well it fits, 0 to 1: the confidence of the answer without the skills before it, and never more than theirs.
    #[serde(rename = "match")]
    pub fit: f32,
    /// Whether it can be used as it is.
    pub installed: bool,
    /// Where it comes from.
    pub source: Source,
}

impl Found {
    /// Whether it has to be fetched from elsewhere before it can be loaded.
    pub fn is_remote(&self) -> bool {
        self.source == Source::Remote && !self.installed
    }

    fn new(card: ExpertCard, fit: f32) -> Found {
        let ExpertCard { id, title, description, tags: keywords, installed, source, .. } = card;
        Found { id, title, description, keywords, fit, installed, source }
    }
}

/// The answer to a request, and its skills, best first.
pub fn found(mesh: &SkillRetriever, request: &Request) -> Result<(RankedCards, Vec<Found>)> {
    let (ranked, fits) = mesh.rank_fitting(request)?;
    let skill = |(card, fit): (usize, f32)| Ok(Found::new(mesh.head(card)?, fit));
    let skills = ranked.cards.iter().map(|card| card.number).zip(fits).map(skill).collect::<Result<_>>()?;
    Ok((ranked, skills))
}

/// The same where an answer is sure enough; nothing where there was no word to judge it by.
pub fn sure(mesh: &SkillRetriever, request: &Request) -> Result<(RankedCards, Vec<Found>)> {
    let (ranked, skills) = found(mesh, &abstaining(request))?;
    match (ranked.confidence, ranked.reason) {
        (None, None) => Ok((RankedCards { reason: Some(Reason::NoWords), ..ranked }, Vec::new())),
        _ => Ok((ranked, skills)),
    }
}

/// The relevant skills: those that fit at least this well, 0.5 where nothing is said; the best one only has to pass the
/// test of the whole answer.
pub fn relevant(mesh: &SkillRetriever, request: &Request, least: Option<f32>) -> Result<(RankedCards, Vec<Found>)> {
    let (ranked, mut skills) = sure(mesh, request)?;
    let fitting = skills.iter().skip(1).take_while(|skill| skill.fit >= least.unwrap_or(RELEVANT_FROM)).count();
    skills.truncate(1 + fitting);
    Ok((ranked, skills))
}

/// The request, withholding what is not sure enough: what is of low confidence, where it says nothing.
fn abstaining<'a>(request: &Request<'a>) -> Request<'a> {
    let least = request.min_confidence.unwrap_or(MinConfidence::Level(Level::Medium));
    Request { min_confidence: Some(least), ..request.clone() }
}
