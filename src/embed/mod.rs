//! How does text become a vector?
