//! `skillmesh outcome`: how a skill did for a query.

use super::args::SkillOutcome;
use super::mesh::{embed, model, open_snapshot};
use super::route::with_state;
use super::{Outcome, print};
use crate::Result;
use crate::feedback;
use crate::host;
use crate::route::Router;
use crate::search::Mode;

pub fn run(args: &SkillOutcome) -> Result<Outcome> {
    let mesh = open_snapshot(&args.snapshot)?;
    let mode = if mesh.header().model.is_some() { Mode::Auto } else { Mode::Sparse };
    let model = model(mode, args.model.as_deref())?;
    if let Some(model) = &model {
        mesh.check_model(model.fingerprint())?;
    }
    let vector = model.map(|model| embed(&model, &args.query, false)).transpose()?;
    let outcome = feedback::Outcome { skill: &args.skill, success: args.success, now: host::now() };
    host::update(&args.learnt, |known| {
        let mut router = with_state(Router::default(), known)?;
        router.record(&mesh, &args.query, vector.as_deref(), &outcome)?;
        router.export_state()
    })?;
    print(&format!("Remembered in {}\n", args.learnt.display()))?;
    Ok(Outcome::Done)
}
