//! How do files become cards?
