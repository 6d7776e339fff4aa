//! Reading our own pages: tags, links and forms. Enough for markup that our templates make, which is
//! well formed; not a parser of the web.

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// `<name …>`
    Open(Tag),
    /// `</name>`
    Close(String),
    /// What stands between tags, unescaped.
    Text(String),
}

/// A tag with its attributes, unescaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tag {
    /// Its name in lower case.
    pub name: String,
    /// Its attributes in order.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute; empty for one without a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A form of a page.
#[derive(Debug, Clone, Default)]
pub struct FormSeen {
    /// Where it is sent.
    pub action: String,
    /// Whether it is sent by POST.
    pub post: bool,
    /// Whether it carries files.
    pub multipart: bool,
    /// What a browser would send without anybody typing, files left out.
    pub values: Vec<(String, String)>,
    /// Every field that a person fills in.
    pub fields: Vec<FieldSeen>,
}

/// A field that a person fills in.
#[derive(Debug, Clone, Default)]
pub struct FieldSeen {
    /// Its name.
    pub name: String,
    /// `text`, `textarea`, `select`, `radio`, …
    pub kind: String,
    /// What may be chosen, for choices.
    pub choices: Vec<String>,
    /// What stands in it.
    pub value: String,
}

/// `&amp;` and its kin as characters.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|e| *e < 9);
        let found = end.and_then(|e| character(&rest[1..e]).map(|c| (c, e)));
        match found {
            Some((c, e)) => {
                out.push(c);
                rest = &rest[e + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// The pieces of a page in order.
pub fn pieces(html: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            out.push(Piece::Text(unescape(&rest[..at])));
        }
        rest = &rest[at..];
        if rest.starts_with("<!") {
            rest = &rest[rest.find('>').map_or(rest.len(), |e| e + 1)..];
            continue;
        }
        let end = tag_end(rest);
        let inside = rest[1..end].trim_end_matches('/');
        match inside.strip_prefix('/') {
            Some(name) => out.push(Piece::Close(name.trim().to_lowercase())),
            None => out.push(Piece::Open(tag(inside))),
        }
        rest = &rest[(end + 1).min(rest.len())..];
    }
    if !rest.is_empty() {
        out.push(Piece::Text(unescape(rest)));
    }
    out
}

/// Where the tag that begins here ends: a `>` outside quotes.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => {}
        }
    }
    panic!("a tag without end: {:.120}", text);
}

fn tag(inside: &str) -> Tag {
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let attribute = rest[..end].to_lowercase();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().unwrap_or_default();
            assert!(quote == '"' || quote == '\'', "an attribute without quotes: {inside}");
            let close = after[1..].find(quote).expect("a closing quote") + 1;
            value = unescape(&after[1..close]);
            rest = &after[close + 1..];
        }
        attributes.push((attribute, value));
    }
    Tag { name: name.to_lowercase(), attributes }
}

/// A page read once; reading it is what costs.
#[derive(Debug)]
pub struct Page {
    /// Its pieces in order.
    pub pieces: Vec<Piece>,
}

impl Page {
    /// Reads a page.
    pub fn read(html: &str) -> Self {
        Self { pieces: pieces(html) }
    }

    /// Every tag of it.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.pieces.iter().filter_map(|p| match p {
            Piece::Open(tag) => Some(tag),
            _ => None,
        })
    }

    /// Where its links lead.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.tags().filter(|t| t.name == "a").filter_map(|t| t.get("href"))
    }

    /// Every form of it.
    pub fn forms(&self) -> Vec<FormSeen> {
        forms_of(&self.pieces)
    }
}

/// Every tag of a page.
pub fn tags(html: &str) -> Vec<Tag> {
    Page::read(html).tags().cloned().collect()
}

/// Where the links of a page lead.
pub fn links(html: &str) -> Vec<String> {
    Page::read(html).links().map(str::to_owned).collect()
}

/// Every form of a page.
pub fn forms(html: &str) -> Vec<FormSeen> {
    Page::read(html).forms()
}

fn forms_of(pieces: &[Piece]) -> Vec<FormSeen> {
    let mut out: Vec<FormSeen> = Vec::new();
    let mut inside = false;
    let mut select: Option<(FieldSeen, Option<String>)> = None;
    let mut all = pieces.iter().peekable();
    while let Some(piece) = all.next() {
        match piece {
            Piece::Open(tag) if tag.name == "form" => {
                inside = true;
                out.push(FormSeen {
                    action: tag.get("action").unwrap_or_default().to_owned(),
                    post: tag.get("method") == Some("post"),
                    multipart: tag.get("enctype") == Some("multipart/form-data"),
                    ..FormSeen::default()
                });
            }
            Piece::Close(name) if name == "form" => inside = false,
            Piece::Open(tag) if inside && tag.name == "option" => {
                if let Some((field, chosen)) = &mut select {
                    let value = tag.get("value").unwrap_or_default().to_owned();
                    if tag.get("selected").is_some() {
                        *chosen = Some(value.clone());
                    }
                    field.choices.push(value);
                }
            }
            Piece::Close(name) if inside && name == "select" => {
                if let (Some((mut field, chosen)), Some(form)) = (select.take(), out.last_mut()) {
                    field.value =
                        chosen.or_else(|| field.choices.first().cloned()).unwrap_or_default();
                    form.values.push((field.name.clone(), field.value.clone()));
                    form.fields.push(field);
                }
            }
            Piece::Open(tag) if inside && tag.name == "select" => {
                select = Some((plain(tag, "select"), None));
            }
            Piece::Open(tag) if inside && tag.name == "textarea" => {
                let mut field = plain(tag, "textarea");
                if let Some(Piece::Text(text)) = all.peek() {
                    // The line feed after the tag is not part of the text.
                    field.value = text.strip_prefix('\n').unwrap_or(text).to_owned();
                }
                if let Some(form) = out.last_mut() {
                    form.values.push((field.name.clone(), field.value.clone()));
                    form.fields.push(field);
                }
            }
            Piece::Open(tag) if inside && tag.name == "input" => {
                if let Some(form) = out.last_mut() {
                    input(form, tag);
                }
            }
            _ => {}
        }
    }
    out
}

fn plain(tag: &Tag, kind: &str) -> FieldSeen {
    FieldSeen {
        name: tag.get("name").unwrap_or_default().to_owned(),
        kind: kind.to_owned(),
        ..FieldSeen::default()
    }
}

fn input(form: &mut FormSeen, tag: &Tag) {
    let kind = tag.get("type").unwrap_or("text").to_owned();
    let value = tag.get("value").unwrap_or_default().to_owned();
    let mut field = plain(tag, &kind);
    match kind.as_str() {
        "hidden" => {
            form.values.push((field.name, value));
            return;
        }
        "radio" | "checkbox" => {
            let checked = tag.get("checked").is_some();
            if checked {
                form.values.push((field.name.clone(), value.clone()));
            }
            match form.fields.iter_mut().find(|f| f.name == field.name && f.kind == kind) {
                Some(known) => {
                    known.choices.push(value.clone());
                    if checked {
                        known.value = value;
                    }
                    return;
                }
                None => {
                    field.choices.push(value.clone());
                    field.value = if checked { value } else { String::new() };
                }
            }
        }
        "file" => {}
        _ => {
            field.value.clone_from(&value);
            form.values.push((field.name.clone(), value));
        }
    }
    form.fields.push(field);
}

#[test]
fn a_form_is_read_as_a_browser_would_send_it() {
    let html = r#"<!doctype html><form action="/a?x=1&amp;y=2" method="post" enctype="multipart/form-data">
        <input type="hidden" name="csrf" value="&quot;t&quot;"><input type="text" name="n" value="a &lt; b" required>
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
        <input type="checkbox" name="c" value="on"><input type="file" name="f">
        <select name="s"><option value="">-</option><option value="k" selected>K</option></select>
        <textarea name="t">
two
lines</textarea></form><a href="/b">b</a>"#;
    let seen = forms(html);
    assert_eq!(seen.len(), 1);
    assert!(seen[0].post && seen[0].multipart && seen[0].action == "/a?x=1&y=2");
    let sent: Vec<_> = seen[0].values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let expect = [("csrf", "\"t\""), ("n", "a < b"), ("r", "2"), ("s", "k"), ("t", "two\nlines")];
    assert_eq!(sent, expect);
    assert_eq!(seen[0].fields.len(), 6);
    assert_eq!(links(html), ["/b"]);
}
