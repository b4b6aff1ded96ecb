//! `skillmesh outcome`: how a skill did for a query.

use super::args::SkillOutcome;
use super::mesh::{Wanted, from_snapshot};
use super::{Outcome, print};
use crate::Result;
use crate::feedback;
use crate::host;
use crate::search::Mode;

pub fn run(args: &SkillOutcome) -> Result<Outcome> {
    let (mesh, model) = from_snapshot(&args.snapshot, Wanted::for_mode(Mode::Auto, args.model.as_deref()))?;
    let vector = model.map(|model| host::embed_query(&model, &args.query, false)).transpose()?;
    let outcome = feedback::Outcome { skill: &args.skill, success: args.success, now: host::now() };
    host::record(&args.learnt, &mesh, &args.query, vector.as_deref(), &outcome)?;
    print(&format!("Remembered in {}\n", args.learnt.display()))?;
    Ok(Outcome::Done)
}
