//! The demonstration with the firm's work done and one of everything made, and what everybody finds in
//! it by following links. It takes long, so it is done once; each test works on a copy.

use crate::made::{self, Made};
use crate::site::{Caller, Crawl, HANDLER, LEAD, MANAGER, PARTNER, SENIOR, SPONSOR, Site};
use crate::work::{self, Papers};
use kernel::time::Timestamp;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Who walks, beside nobody.
pub const PEOPLE: [&str; 6] = [LEAD, SPONSOR, HANDLER, PARTNER, MANAGER, SENIOR];

/// Somebody and what they found.
pub struct Walk {
    pub who: &'static str,
    /// Signed in, in every copy too.
    pub caller: Caller,
    pub crawl: Crawl,
}

/// What was found.
pub struct Walked {
    /// Nobody first, then [`PEOPLE`].
    pub by: Vec<Walk>,
    pub papers: Papers,
    pub made: Made,
    folder: TempDir,
    ended: Timestamp,
}

impl Walked {
    async fn walk() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::new();
        let papers = work::perform(&site).await;
        let made = made::everything(&site).await;
        let nobody = Walk { who: "nobody", caller: Caller::default(), crawl: Crawl::default() };
        let mut by = vec![nobody];
        for who in PEOPLE {
            by.push(Walk { who, caller: site.signed_in(who).await, crawl: Crawl::default() });
        }
        for walk in &mut by {
            walk.crawl = site.crawl(&walk.caller).await;
        }
        let ended = site.app.env().now();
        // Whatever the server still has to write is written when it is gone.
        site.end(&folder.path().join("demo"));
        Self { by, papers, made, folder, ended }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("demo")
    }

    /// What one of those who walked found.
    pub fn of(&self, who: &str) -> &Walk {
        self.by.iter().find(|w| w.who == who).expect("somebody who walked")
    }

    /// A copy of the site as it was when the last of them came home.
    pub fn site(&self) -> Site {
        Site::over(&self.data(), self.ended)
    }
}

/// What everybody found.
pub async fn walked() -> &'static Walked {
    static WALKED: OnceCell<Walked> = OnceCell::const_new();
    WALKED.get_or_init(Walked::walk).await
}
