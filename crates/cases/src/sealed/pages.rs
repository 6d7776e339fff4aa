//! Pages about what is sealed.
