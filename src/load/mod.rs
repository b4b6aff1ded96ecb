//! How do files become cards? Bytes come in; cards and findings go out, and nothing is dropped silently.

mod finding;
mod frontmatter;
mod lenient;
mod merge;
mod path;
mod registry;
mod schema;
mod skill;
mod text;
mod value;

pub use finding::{Finding, Loaded, Severity, Source};
pub use merge::merge;
pub use path::instruction_path;
pub use registry::{Instructions, registry};
pub use schema::SCHEMA;
pub use skill::skill;
