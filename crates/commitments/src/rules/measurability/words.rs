//! The words that the reading of commitments looks for, lower case, words separated by one space.

/// Words that promise nothing that can be shown.
pub(super) const VAGUE: [&str; 16] = [
    "reasonable",
    "reasonably",
    "best effort",
    "best efforts",
    "industry standard",
    "industry standards",
    "timely",
    "promptly",
    "as needed",
    "as appropriate",
    "robust",
    "highly",
    "secure by design",
    "state of the art",
    "world class",
    "best in class",
];

/// Words that one failure breaks; `100 %` is looked for beside them.
pub(super) const ABSOLUTE: [&str; 5] =
    ["never", "guarantee", "guarantees", "guaranteed", "guaranteeing"];

/// Things that are measured.
pub(super) const METRICS: [&str; 34] = [
    "availability",
    "uptime",
    "downtime",
    "latency",
    "response time",
    "response times",
    "resolution time",
    "processing time",
    "recovery time",
    "recovery point",
    "rto",
    "rpo",
    "mttr",
    "error rate",
    "failure rate",
    "success rate",
    "completion rate",
    "throughput",
    "durability",
    "accuracy",
    "completeness",
    "retention",
    "frequency",
    "percentage of",
    "proportion of",
    "share of",
    "number of",
    "count of",
    "time to",
    "time until",
    "delay",
    "backlog",
    "age of",
    "volume of",
];

/// Words after which a number is a target.
pub(super) const COMPARISONS: [&str; 25] = [
    "at least",
    "at most",
    "no less than",
    "not less than",
    "no more than",
    "not more than",
    "no fewer than",
    "no later than",
    "not later than",
    "less than",
    "more than",
    "fewer than",
    "greater than",
    "a minimum of",
    "a maximum of",
    "not exceed",
    "not exceeding",
    "within",
    "under",
    "below",
    "above",
    "over",
    "exactly",
    "every",
    "by",
];

/// Words after which an amount of time is a deadline, so that time itself is what is measured.
pub(super) const DEADLINES: [&str; 5] =
    ["within", "no later than", "not later than", "every", "by"];

/// Signs of comparison.
pub(super) const SIGNS: [&str; 7] = ["≥", "≤", ">=", "<=", ">", "<", "="];

/// Numbers in words.
pub(super) const NUMBERS: [&str; 22] = [
    "a",
    "an",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "twenty four",
    "thirty",
    "forty eight",
    "sixty",
    "seventy two",
    "ninety",
];

/// Units of time.
pub(super) const TIME_UNITS: [&str; 26] = [
    "ms",
    "millisecond",
    "milliseconds",
    "s",
    "sec",
    "second",
    "seconds",
    "min",
    "minute",
    "minutes",
    "h",
    "hour",
    "hours",
    "day",
    "days",
    "business day",
    "business days",
    "working day",
    "working days",
    "calendar day",
    "calendar days",
    "business hours",
    "week",
    "weeks",
    "month",
    "months",
];

/// Other units.
pub(super) const OTHER_UNITS: [&str; 18] = [
    "%",
    "percent",
    "per cent",
    "year",
    "years",
    "gb",
    "tb",
    "mb",
    "requests",
    "requests per second",
    "transactions",
    "records",
    "incidents",
    "errors",
    "copies",
    "bits",
    "bit",
    "times",
];

/// Words that name a span of time over which something is measured.
pub(super) const WINDOWS: [&str; 17] = [
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "annual",
    "annually",
    "at all times",
    "continuously",
    "in any month",
    "calendar month",
    "calendar quarter",
    "calendar year",
    "billing month",
    "rolling",
    "on the day",
];

/// Words before a span of time that make it a window.
pub(super) const WINDOW_LEADS: [&str; 7] =
    ["per", "each", "every", "any", "a", "over", "during the"];

/// Spans of time.
pub(super) const WINDOW_SPANS: [&str; 7] =
    ["hour", "day", "week", "month", "quarter", "year", "period"];

/// Words that begin the event from which a deadline runs.
pub(super) const EVENT_LEADS: [&str; 9] =
    ["of", "after", "following", "from", "upon", "once", "when", "before", "since"];

/// Words that say where a figure comes from.
pub(super) const SOURCES: [&str; 22] = [
    "measured by",
    "measured with",
    "measured from",
    "measured at",
    "measured through",
    "measured using",
    "as measured",
    "monitored by",
    "recorded in",
    "recorded by",
    "logged in",
    "logged by",
    "reported by",
    "reported in",
    "reported on",
    "according to",
    "calculated from",
    "computed from",
    "taken from",
    "evidenced by",
    "shown by",
    "tracked in",
];

/// Parts of a system and those it serves.
pub(super) const SCOPE_NOUNS: [&str; 41] = [
    "api",
    "apis",
    "application",
    "applications",
    "accounts",
    "account",
    "backups",
    "breach",
    "breaches",
    "customers",
    "customer",
    "data",
    "database",
    "databases",
    "endpoint",
    "endpoints",
    "environment",
    "files",
    "incidents",
    "incident",
    "infrastructure",
    "interface",
    "network",
    "payments",
    "platform",
    "portal",
    "product",
    "records",
    "region",
    "regions",
    "report",
    "reports",
    "request",
    "requests",
    "service",
    "services",
    "system",
    "systems",
    "tickets",
    "users",
    "website",
];

/// Words that make such a part a certain one.
pub(super) const SCOPE_LEADS: [&str; 32] = [
    "the",
    "this",
    "our",
    "all",
    "each",
    "every",
    "any",
    "of",
    "for",
    "production",
    "customer",
    "customer's",
    "customers'",
    "client",
    "user",
    "payroll",
    "payment",
    "billing",
    "public",
    "primary",
    "core",
    "web",
    "mobile",
    "support",
    "access",
    "critical",
    "confirmed",
    "personal",
    "confidential",
    "severity 1",
    "security",
    "hosted",
];

/// Words that speak of another time than the present.
pub(super) const NOT_PRESENT: [&str; 9] =
    ["will", "would", "going to", "was", "were", "had", "did", "has been", "have been"];

/// Words that state an aim.
pub(super) const NOT_BINDING: [&str; 20] = [
    "aim",
    "aims",
    "strive",
    "strives",
    "endeavour",
    "endeavours",
    "endeavor",
    "endeavors",
    "intend",
    "intends",
    "plan to",
    "plans to",
    "hope",
    "hopes",
    "seek",
    "seeks",
    "try",
    "tries",
    "may",
    "should",
];
