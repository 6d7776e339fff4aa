//! Figures so small that they could single somebody out: what is not shown.
