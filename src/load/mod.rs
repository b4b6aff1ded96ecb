//! How do files become cards and documents? Bytes come in; cards, documents and findings go out, and nothing is dropped
//! silently.

mod body;
mod corpus;
mod document;
mod fields;
mod files;
mod finding;
mod frontmatter;
mod instructions;
mod lenient;
mod locate;
mod mangled;
mod mend;
mod merge;
#[cfg(feature = "documents")]
mod pages;
mod path;
mod pointer;
mod registry;
mod role;
mod said;
mod schema;
mod skill;
mod spelling;
mod text;
mod value;

pub use corpus::corpus;
pub use files::{files, nothing_found, one_skill};
pub use finding::{Finding, Loaded, Severity, Source};
pub use instructions::Instructions;
pub use merge::{files as merge_files, merge};
#[cfg(feature = "documents")]
pub use pages::{Kind, LARGEST, Labels, page, too_large};
pub use path::instruction_path;
pub use registry::registry;
pub use role::{REGISTRIES, Role, SKILL};
pub use said::{Said, said};
pub use schema::SCHEMA;
pub use skill::{DESCRIPTION_CHARS, is_skill_name, skill};
pub use spelling::hint as did_you_mean;
