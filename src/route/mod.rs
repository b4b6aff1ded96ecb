//! Which skills does a task need, which of them are at hand, and what should be loaded now?

mod auto_route;
mod discover;
mod found;
mod markdown;
mod router;
mod routing;
mod said;
mod suggest;
mod task;

pub use auto_route::{AutoRoute, Preparation, auto_route};
pub use discover::{Discovery, discover};
pub use found::Found;
pub use markdown::Place;
#[cfg(feature = "mcp")]
pub(crate) use markdown::code;
pub use router::{Router, Settings};
pub use routing::{AnsweredBy, Routing};
pub use said::{Said, Weakness};
pub use suggest::{Suggestion, suggest};
pub use task::Task;

/// Skills that `discover` and `suggest` show unless asked otherwise.
pub const SHOWN_SKILLS: usize = 5;

/// Skills that `auto_route` looks at unless asked otherwise.
pub const PREPARED_SKILLS: usize = 20;

/// Skills that `route` selects unless asked otherwise.
pub const ROUTED_SKILLS: usize = 3;
