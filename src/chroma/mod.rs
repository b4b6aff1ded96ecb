//! Which of many vectors are near a query's? A Chroma server keeps them and knows, by its HTTP API v2.
#![allow(clippy::disallowed_methods, reason = "the network is an edge")]

mod auto;
mod backend;
mod collection;
mod filter;
mod http;
mod index;
mod name;
mod nearest;
mod records;
mod settings;

pub use auto::Auto;
pub use backend::Chroma;
pub use name::collection_name;
pub use settings::{DATABASE, Settings, TENANT, TIMEOUT, TOKEN_HEADER};
