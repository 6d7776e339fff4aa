//! What a file is, judged by its bytes: the name and the browser's claim prove nothing.

/// How many bytes of a file are looked at.
pub const HEAD_BYTES: usize = 4_096;

/// Bytes that certain kinds of file begin with.
const SIGNATURES: [(&[u8], &str); 10] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
];

/// The media type of a file that begins with `head` (at most [`HEAD_BYTES`] of it).
///
/// Text is `text/plain` whatever it says: a page or a script that somebody uploads is evidence, not
/// something to run. What is not known is `application/octet-stream`.
#[must_use]
pub fn media_type(head: &[u8]) -> &'static str {
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    if let Some((_, kind)) = SIGNATURES.iter().find(|(start, _)| head.starts_with(start)) {
        return kind;
    }
    if is_text(head) { "text/plain; charset=utf-8" } else { "application/octet-stream" }
}

/// UTF-8 without control characters; the last character may have been cut in two by the bound.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() && head.len() == HEAD_BYTES => {
            let whole = head.get(..e.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_and_a_claim_does_not() {
        assert_eq!(media_type(b"%PDF-1.7\n..."), "application/pdf");
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n\0"), "image/png");
        assert_eq!(media_type(b"PK\x03\x04rest"), "application/zip");
        for text in ["a,b\n1,2\n", "<script>alert(1)</script>", "Größe", "%PD"] {
            assert_eq!(media_type(text.as_bytes()), "text/plain; charset=utf-8", "{text}");
        }
        for bytes in [&b""[..], b"MZ\x90\0", b"a\0b", b"Gr\xf6\xdfe", b"\x1b[2J"] {
            assert_eq!(media_type(bytes), "application/octet-stream", "{bytes:?}");
        }
    }

    #[test]
    fn a_character_cut_by_the_bound_is_still_text() {
        let mut long = vec![b'a'; HEAD_BYTES - 1];
        long.extend("é and more".as_bytes());
        assert_eq!(media_type(&long), "text/plain; charset=utf-8");
        // The same half character at the end of a short file is not.
        assert_eq!(media_type(&[b'a', 0xc3]), "application/octet-stream");
    }
}
