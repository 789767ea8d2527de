//! What a client shows with each call: an API key, or a token that may be replaced while the client lives. It is never
//! shown otherwise.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tonic::metadata::{Ascii, MetadataValue};

use crate::{Code, Error, Result};

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// Gives the token that is good now.
pub(crate) type TokenSource = Arc<dyn Fn() -> Result<String, BoxError> + Send + Sync>;
/// `Bearer …`
pub(crate) type Header = MetadataValue<Ascii>;

const KEY_FILE: &str = "LOCI_API_KEY_FILE";
const TOKEN_FILE: &str = "LOCI_TOKEN_FILE";

/// With none, the server may go by the client's certificate.
#[derive(Clone, Default)]
pub(crate) enum Credential {
    #[default]
    None,
    Key(Header),
    Tokens(TokenSource),
}

impl Credential {
    /// Refuses what a header cannot carry.
    pub(crate) fn key(key: &str) -> Result<Self> {
        header(key, "API key").map(Self::Key)
    }

    /// The token that a file holds now: it is read again for each try, as whoever renews it writes it anew.
    pub(crate) fn token_file(path: PathBuf) -> TokenSource {
        Arc::new(move || Ok(content(&path, "")?))
    }

    /// `LOCI_API_KEY`, else the content of the file `LOCI_API_KEY_FILE`, else the tokens of the file `LOCI_TOKEN_FILE`.
    pub(crate) fn of(environment: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let key = match environment("LOCI_API_KEY") {
            None => environment(KEY_FILE)
                .map(|path| content(path.as_ref(), KEY_FILE))
                .transpose()
                .map_err(|error| Error::refused(error.to_string()))?,
            given => given,
        };
        match (key, environment(TOKEN_FILE)) {
            (Some(key), _) => Self::key(&key),
            (None, Some(path)) => Ok(Self::Tokens(Arc::new(move || Ok(content(path.as_ref(), TOKEN_FILE)?)))),
            (None, None) => Ok(Self::None),
        }
    }

    pub(crate) fn is_there(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// What is sent now.
    pub(crate) fn present(&self) -> Result<Option<Header>> {
        let no_token =
            |error: BoxError| Error::caused(Code::Unauthenticated, format!("there is no token: {error}"), error);
        match self {
            Self::None => Ok(None),
            Self::Key(header) => Ok(Some(header.clone())),
            Self::Tokens(source) => {
                let token = source().map_err(no_token)?;
                header(&token, "token").map(Some).map_err(|refused| no_token(refused.into()))
            }
        }
    }

    /// Whether there is another token by now than the one that was refused. A call that was refused so has done nothing.
    pub(crate) fn is_renewed(&self, failure: &Error, used: Option<&Header>) -> bool {
        matches!(self, Self::Tokens(_))
            && failure.code() == Code::Unauthenticated
            && used.is_some()
            && self.present().is_ok_and(|now| now.as_ref() != used)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "Credential(none)",
            Self::Key(_) => "Credential(key)",
            Self::Tokens(_) => "Credential(tokens)",
        })
    }
}

fn header(shown: &str, what: &str) -> Result<Header> {
    if shown.is_empty() {
        return Err(Error::refused(format!("the {what} is empty")));
    }
    let refused = || Error::refused(format!("the {what} holds characters that a header cannot carry"));
    if !shown.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refused());
    }
    let mut value = Header::try_from(format!("Bearer {shown}")).map_err(|_| refused())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Of a file that holds nothing else. The error names the file, and the variable that named it.
fn content(path: &Path, variable: &str) -> io::Result<String> {
    let colon = if variable.is_empty() { "" } else { ": " };
    let named = |said: &dyn fmt::Display| format!("{variable}{colon}{}{said}", path.display());
    let text = std::fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), named(&format_args!(": {error}"))))?;
    match text.trim() {
        "" => Err(io::Error::other(named(&" is empty"))),
        text => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn tokens<E: Into<BoxError>>(give: impl Fn() -> Result<String, E> + Send + Sync + 'static) -> Credential {
        Credential::Tokens(Arc::new(move || give().map_err(Into::into)))
    }

    fn expired() -> Error {
        Error::from(tonic::Status::unauthenticated("expired"))
    }

    #[test]
    fn key_and_token_are_never_shown() {
        let shown = [Credential::key("loci_secret").expect("a key"), tokens(|| Ok::<_, BoxError>("secret".into()))];
        for credential in shown {
            assert!(!format!("{credential:?} {:?}", credential.present()).contains("secret"));
        }
        let refused = [
            Credential::key("loci secret").expect_err("a space"),
            tokens(|| Ok::<_, BoxError>("secret\n".into())).present().expect_err("a line"),
        ];
        for error in refused {
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }

    #[test]
    fn what_a_header_cannot_carry_is_refused() {
        for key in ["", "a b", "a\n", "ä", "\u{7f}"] {
            assert!(Credential::key(key).is_err(), "{key:?}");
            let error = tokens(move || Ok::<_, BoxError>(key.into())).present().expect_err("no token");
            assert_eq!(error.code(), Code::Unauthenticated);
        }
    }

    #[test]
    fn the_error_of_a_source_is_the_cause() {
        let error = tokens(|| Err("the issuer is away")).present().expect_err("no token");
        assert_eq!(error.code(), Code::Unauthenticated);
        assert_eq!(error.source().expect("a cause").to_string(), "the issuer is away");
    }

    #[test]
    fn only_a_token_that_was_replaced_is_tried_again() {
        let credential = tokens(|| Ok::<_, BoxError>("new".into()));
        let (old, new) = (header("old", "token").expect("one"), header("new", "token").expect("one"));
        assert!(credential.is_renewed(&expired(), Some(&old)));
        assert!(!credential.is_renewed(&expired(), Some(&new)));
        assert!(!credential.is_renewed(&expired(), None));
        assert!(!credential.is_renewed(&Error::cut("broken"), Some(&old)));
        assert!(!Credential::key("new").expect("a key").is_renewed(&expired(), Some(&old)));
        assert!(!tokens(|| Err("away")).is_renewed(&expired(), Some(&old)));
    }

    #[test]
    fn a_file_is_read_again_each_time() {
        let path = std::env::temp_dir().join(format!("loci-token-{}", std::process::id()));
        let of_file = |name: &str| (name == "LOCI_TOKEN_FILE").then(|| path.display().to_string());
        let credential = Credential::of(of_file).expect("tokens");
        let missing = credential.present().expect_err("no file");
        let named = format!("there is no token: LOCI_TOKEN_FILE: {}: ", path.display());
        assert!(missing.message().starts_with(&named), "{missing}");
        for token in ["monday", "tuesday"] {
            std::fs::write(&path, format!("{token}\n")).expect("it is written");
            let shown = credential.present().expect("a token").expect("a header");
            assert_eq!(shown.to_str().expect("text"), format!("Bearer {token}"));
        }
        std::fs::write(&path, "\n").expect("it is written");
        let named = format!("{} is empty", path.display());
        for error in [
            Credential::Tokens(Credential::token_file(path.clone())).present().expect_err("no token"),
            Credential::of(|name| (name == KEY_FILE).then(|| path.display().to_string())).expect_err("no key"),
        ] {
            assert!(error.message().ends_with(&named), "{error}");
            assert_eq!(error.message().starts_with("LOCI_API_KEY_FILE: "), error.code() == Code::InvalidArgument);
        }
        std::fs::remove_file(&path).expect("it is there");
        let missing = Credential::Tokens(Credential::token_file(path.clone())).present().expect_err("no file");
        assert!(missing.message().contains(&path.display().to_string()), "{missing}");
    }
}
