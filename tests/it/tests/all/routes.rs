//! The routes of the product, read from the router itself.

use std::collections::BTreeMap;

/// One route.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its pattern: `/cases/{id}`.
    pub path: String,
    /// `GET`, `POST`, in the order of the source.
    pub methods: Vec<&'static str>,
}

const SOURCE: &str = include_str!("../../../../crates/tickmark/src/router.rs");

/// Every route, in the order of the source.
pub fn routes() -> Vec<Route> {
    SOURCE.match_indices(".route(").map(|(at, _)| route(&SOURCE[at + ".route(".len()..])).collect()
}

fn route(text: &str) -> Route {
    let mut depth = 0_usize;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => {
                end = at;
                break;
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    let call = &text[..end];
    let path = call.split('"').nth(1).expect("a path in quotes").to_owned();
    let after = &call[call.find(&path).unwrap() + path.len()..];
    let mut methods: Vec<(usize, &'static str)> = Vec::new();
    for (word, method) in [
        ("get(", "GET"),
        ("post(", "POST"),
        ("put(", "PUT"),
        ("patch(", "PATCH"),
        ("delete(", "DELETE"),
    ] {
        let found = after
            .match_indices(word)
            .find(|(at, _)| !after[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        methods.extend(found.map(|(at, _)| (at, method)));
    }
    methods.sort_unstable();
    Route { path, methods: methods.into_iter().map(|(_, m)| m).collect() }
}

impl Route {
    /// What stands for each name of the pattern in a path, if the path is one of this route.
    pub fn captures(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let mut found = BTreeMap::new();
        let mut given = path.split('/');
        for wanted in self.path.split('/') {
            let name = wanted.strip_prefix('{').and_then(|n| n.strip_suffix('}'));
            match name {
                Some(name) if name.starts_with('*') => {
                    let rest: Vec<&str> = given.by_ref().collect();
                    found.insert(name.to_owned(), rest.join("/"));
                    return Some(found);
                }
                Some(name) => {
                    found.insert(
                        name.to_owned(),
                        given.next().filter(|p| !p.is_empty())?.to_owned(),
                    );
                }
                None if given.next()? == wanted => {}
                None => return None,
            }
        }
        given.next().is_none().then_some(found)
    }

    /// Whether a path is one of this route: what [`Self::captures`] says, without keeping anything, for
    /// every address of a walk is held against every route.
    pub fn fits(&self, path: &str) -> bool {
        let mut given = path.split('/');
        for wanted in self.path.split('/') {
            if wanted.starts_with("{*") {
                return true;
            }
            match given.next() {
                Some(part) if wanted.starts_with('{') && !part.is_empty() => {}
                Some(part) if part == wanted => {}
                _ => return false,
            }
        }
        given.next().is_none()
    }

    /// The names of the pattern.
    pub fn names(&self) -> Vec<&str> {
        let parts = self.path.split('/');
        parts.filter_map(|p| p.strip_prefix('{').and_then(|n| n.strip_suffix('}'))).collect()
    }

    /// The path with these values.
    pub fn with(&self, values: &BTreeMap<String, String>) -> Option<String> {
        let mut path = self.path.clone();
        for name in self.names() {
            path = path.replace(&format!("{{{name}}}"), values.get(name)?);
        }
        Some(path)
    }
}

/// The route that answers this path. Patterns without names come first, as in the router.
pub fn find<'a>(routes: &'a [Route], path: &str) -> Option<&'a Route> {
    routes.iter().filter(|r| r.fits(path)).min_by_key(|r| r.names().len())
}
