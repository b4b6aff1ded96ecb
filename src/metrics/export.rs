//! What may others see?

use std::collections::BTreeMap;

use serde::Serialize;

use super::aggregate::Window;
use super::answers::{Compared, Order, Scope, Top};
use super::projects::Project;
use super::store::Store;
use crate::Result;

/// Figures without points in time, sessions or, unless that was asked for, paths and queries.
#[derive(Debug, Serialize)]
pub struct Export {
    pub projects: Vec<Project>,
    pub skills: Vec<Skill>,
}

/// A skill in all projects and in each.
#[derive(Debug, Serialize)]
pub struct Skill {
    #[serde(flatten)]
    pub figures: Top,
    pub by_project: Vec<Compared>,
    /// What users asked when it was taken, and how often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queries: Option<BTreeMap<String, u64>>,
}

impl Store {
    /// All figures, by skill.
    pub fn export(&self, paths: bool, queries: bool) -> Result<Export> {
        let skill = |figures: Top| {
            let by_project = self.compare(&figures.skill)?;
            let queries = queries.then(|| self.queries(&figures.skill)).transpose()?;
            Ok(Skill { figures, by_project, queries })
        };
        let all = Scope { window: Window::All, project: None, limit: usize::MAX, now: i64::MAX };
        let skills = self.top(all, Order::Uses)?.into_iter().map(skill).collect::<Result<_>>()?;
        let active = self.projects(paths)?.into_iter().filter(|project| project.is_active).collect();
        Ok(Export { projects: active, skills })
    }

    fn queries(&self, skill: &str) -> Result<BTreeMap<String, u64>> {
        let sql = "SELECT user_query, count(*) FROM skill_usage JOIN projects USING (project_id)
            WHERE is_active AND skill_name = ? AND user_query IS NOT NULL GROUP BY user_query";
        Ok(self.rows(sql, [skill], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
    }
}
