//! Engine: typeset documents (Typst to PDF), workbooks and charts. Knows no room.
