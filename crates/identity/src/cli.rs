//! The room's subcommands: `tickmark invite`, `tickmark token create`.

use crate::model::Email;
use crate::permits::{Invite, MakeToken};
use crate::service::{self, TokenInput};
use crate::store;
use clap::Args;
use kernel::ids::PartyId;
use kernel::party::{Actor, Role, Via};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::{Conn, Result};
use serde_json::json;

/// Invites somebody to act for a party; prints the link's path, which is told nowhere else.
#[derive(Debug, Args)]
pub struct InviteArgs {
    /// The e-mail address of the person.
    pub email: String,
    /// A role, such as compliance_lead; may be given several times.
    #[arg(long = "role", required = true)]
    pub roles: Vec<String>,
    /// The party's id (pty_…) or exact name; not needed where there is one party only.
    #[arg(long)]
    pub party: Option<String>,
}

/// Makes an API token that acts as a person; prints the secret, which is told nowhere else.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// The e-mail address of the person as whom the token acts.
    #[arg(long)]
    pub person: String,
    /// What the token is for.
    #[arg(long)]
    pub name: String,
    /// A scope, such as cases:read; may be given several times.
    #[arg(long = "scope", required = true)]
    pub scopes: Vec<String>,
    /// For how many days it works, 1 to 366.
    #[arg(long, default_value_t = 90)]
    pub days: i64,
    /// The party's id (pty_…) or exact name; not needed where the person acts for one party only.
    #[arg(long)]
    pub party: Option<String>,
}

fn roles(words: &[String]) -> Result<Vec<Role>, Failed> {
    words
        .iter()
        .map(|word| {
            Role::parse(word).ok_or_else(|| {
                let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
                let shown = kernel::refusal::excerpt(word, 64);
                Failed(format!("There is no role “{shown}”. Choose from: {}.", known.join(", ")))
            })
        })
        .collect()
}

/// The party that is meant, among all of the deployment.
fn party(conn: &mut Conn<'_>, asked: Option<&str>) -> Result<PartyId> {
    let parties = store::parties(conn)?;
    let found: Vec<_> = match asked {
        None => parties.iter().collect(),
        Some(text) => {
            parties.iter().filter(|p| p.name == text || p.id.to_string() == text).collect()
        }
    };
    if let [one] = found.as_slice() {
        return Ok(one.id);
    }
    let listed: Vec<String> = parties.iter().map(|p| format!("{} ({})", p.name, p.id)).collect();
    Err(Refusal::input(format!(
        "Say which party is meant with --party: {}.",
        if listed.is_empty() {
            "there is none yet, run tickmark init first".into()
        } else {
            listed.join(", ")
        }
    ))
    .into())
}

/// `tickmark invite EMAIL --role ROLE… [--party PARTY]`. Whoever holds the data directory may; the log
/// says that it was done at the command line.
///
/// # Errors
/// When the party, the address or a role is not acceptable.
pub fn invite(cx: &Context, args: &InviteArgs) -> Outcome {
    let roles = roles(&args.roles)?;
    let (email, asked) = (args.email.clone(), args.party.clone());
    let mut env = cx.env();
    let invited = cx.db.write_blocking(move |tx| {
        let party = party(tx, asked.as_deref())?;
        let actor = Actor::system(party, "command-line");
        let permit = authorize::<Invite>(&actor, &Facts::of(party))?;
        service::invite(tx, &mut env, &permit, &email, &roles)
    })?;
    let path = format!("/invitation/{}", invited.code);
    let value = json!({
        "invitation": invited.invitation,
        "email": invited.email.as_str(),
        "path": path,
        "expires_at": invited.expires_at.to_rfc3339(),
    });
    let text = format!(
        "Give {} this link, behind the address of this deployment: {path}\nIt works once, until {}.",
        invited.email,
        invited.expires_at.to_rfc3339()
    );
    Answer::new(&value, text)
}

/// `tickmark token create --person EMAIL --name NAME --scope SCOPE… [--days N] [--party PARTY]`.
/// `known` are the scopes of every room's actions.
///
/// # Errors
/// When the person, the party or a scope is not acceptable.
pub fn token_create(cx: &Context, args: &TokenArgs, known: &[&'static str]) -> Outcome {
    let email = Email::parse(&args.person)?;
    let input =
        TokenInput { name: args.name.clone(), scopes: args.scopes.clone(), days: args.days };
    let (asked, known, mut env) = (args.party.clone(), known.to_vec(), cx.env());
    let made = cx.db.write_blocking(move |tx| {
        let nobody =
            || Refusal::input(format!("Nobody here has the address {email}. Invite them first."));
        let person = store::person_by_email(tx, &email)?.ok_or_else(nobody)?;
        let only = match store::memberships_of(tx, person.id)?.as_slice() {
            [one] if asked.is_none() => Some(one.party),
            _ => None,
        };
        let party = match only {
            Some(party) => party,
            None => party(tx, asked.as_deref())?,
        };
        let member = store::member(tx, party, person.id)?.ok_or_else(nobody)?;
        let side = store::party(tx, party)?.ok_or(Refusal::NotFound)?.side;
        // A token acts as its person; at the command line one makes it as that person.
        let actor = Actor {
            person: Some(person.id),
            party: Some(party),
            side,
            roles: member.membership.roles,
            via: Via::CommandLine,
        };
        if member.membership.state != crate::model::MemberState::Active {
            return Err(Refusal::state("This person is deactivated. Reactivate them first.").into());
        }
        let permit = authorize::<MakeToken>(&actor, &Facts::of(party))?;
        service::make_token(tx, &mut env, &permit, &input, &known)
    })?;
    let value = json!({
        "id": made.id,
        "secret": made.secret,
        "expires_at": made.expires_at.to_rfc3339(),
    });
    let text = format!(
        "{}\nKeep it now: it is not told again. It works until {}.",
        made.secret,
        made.expires_at.to_rfc3339()
    );
    Answer::new(&value, text)
}
