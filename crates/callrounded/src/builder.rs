//! The settings of a client, checked when it is built.

use std::{env, fmt, net::IpAddr, time::Duration};

use callrounded_api::SERVER_URL;
use reqwest::{Url, header::HeaderValue};

use crate::{
    client::{Client, Shared},
    error::Error,
};

const KEY_VARIABLE: &str = "CALLROUNDED_API_KEY";
const BASE_URL_VARIABLE: &str = "CALLROUNDED_BASE_URL";
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("callrounded/", env!("CARGO_PKG_VERSION"));

/// The settings of a [`Client`]. Whatever is wrong with them is said by [`build`](Self::build).
#[derive(Clone, Default)]
#[must_use = "a builder makes no client before `build` is called"]
pub struct ClientBuilder {
    api_key: Option<Setting>,
    base_url: Option<Setting>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    user_agent: Option<String>,
    http_client: Option<reqwest::Client>,
    allow_http: bool,
}

/// A setting, and what whoever set it calls it.
#[derive(Clone)]
struct Setting {
    name: &'static str,
    value: String,
}

impl ClientBuilder {
    /// The settings that the environment gives: the key in `CALLROUNDED_API_KEY`, the base URL, if it is set, in
    /// `CALLROUNDED_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where the key is not set or not text.
    pub fn from_env() -> Result<Self, Error> {
        let api_key = variable(KEY_VARIABLE)?.ok_or_else(|| {
            Error::configuration(format!("{KEY_VARIABLE} is not set; keys are made in Rounded Studio"))
        })?;
        Ok(Self {
            api_key: Some(api_key),
            base_url: variable(BASE_URL_VARIABLE)?,
            ..Self::default()
        })
    }

    /// The API key, made in Rounded Studio.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(Setting {
            name: "api_key",
            value: key.into(),
        });
        self
    }

    /// Where the API is, such as `http://127.0.0.1:4010` for a mock server. The service by default.
    ///
    /// `https`, or plain `http` to this machine; without user info, query or fragment. A path is kept.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(Setting {
            name: "base_url",
            value: url.into(),
        });
        self
    }

    /// How long a call may take, from connecting to the last byte of the answer. 30 seconds by default; beside an own
    /// [`http_client`](Self::http_client) that client's limit holds until one is set here.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long connecting may take. 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// What the client calls itself. `callrounded/` and the version by default.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// An HTTP client of your own, such as one with a proxy. It keeps its settings, so
    /// [`connect_timeout`](Self::connect_timeout) and [`user_agent`](Self::user_agent) can't be given beside it.
    ///
    /// Let it follow no redirects and send nothing again by itself: reqwest sends the key on to wherever a redirect leads,
    /// and a start of a call that is sent twice dials twice.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Allows plain `http` to other machines. Key and calls then cross the network readable by anyone on the way.
    pub fn danger_allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), naming each setting that can't be used and why.
    pub fn build(self) -> Result<Client, Error> {
        let mut problems = Vec::new();
        let key = match &self.api_key {
            Some(Setting { name, value }) => noted(name, key(value), &mut problems),
            None => noted("api_key", Err("it is not set".to_owned()), &mut problems),
        };
        let base_url = match (&self.base_url, SERVER_URL) {
            (Some(Setting { name, value }), _) => noted(name, base(value, self.allow_http), &mut problems),
            (None, Some(url)) => noted("base_url", base(url, self.allow_http), &mut problems),
            (None, None) => noted(
                "base_url",
                Err("it is not set, and the document names no server".to_owned()),
                &mut problems,
            ),
        };
        let timeout = noted("timeout", nonzero(self.timeout.unwrap_or(TIMEOUT)), &mut problems);
        let connect_timeout = noted(
            "connect_timeout",
            nonzero(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT)),
            &mut problems,
        );
        let user_agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
        let user_agent = noted("user_agent", header(user_agent), &mut problems);
        if self.http_client.is_some() {
            let theirs = "an own http_client keeps its settings; set it there".to_owned();
            let both = [
                ("connect_timeout", self.connect_timeout.is_some()),
                ("user_agent", self.user_agent.is_some()),
            ];
            for (setting, _) in both.into_iter().filter(|(_, given)| *given) {
                problems.push(format!("{setting}: {theirs}"));
            }
        }
        let (Some(key), Some(base_url), Some(timeout), Some(connect_timeout), Some(user_agent), []) =
            (key, base_url, timeout, connect_timeout, user_agent, problems.as_slice())
        else {
            return Err(Error::configuration(problems.join("; ")));
        };
        // An own client has a limit of its own, or on purpose none.
        let timeout = (self.timeout.is_some() || self.http_client.is_none()).then_some(timeout);
        let http = match self.http_client {
            Some(client) => client,
            None => http_client(&base_url, connect_timeout, user_agent)?,
        };
        let base_url = base_url.as_str().trim_end_matches('/').to_owned();
        Ok(Client::new(Shared {
            http,
            base_url,
            key,
            timeout,
        }))
    }
}

/// Shows no key.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

fn http_client(base_url: &Url, connect_timeout: Duration, user_agent: HeaderValue) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .user_agent(user_agent)
        // reqwest would send the key on to wherever a redirect leads.
        .redirect(reqwest::redirect::Policy::none())
        // Whether something may be sent again is not for a lower layer to decide.
        .retry(reqwest::retry::never());
    // What goes to this machine must not leave it by way of a proxy that the environment names.
    let builder = if is_this_machine(base_url) {
        builder.no_proxy()
    } else {
        builder
    };
    let builder = match base_url.scheme() {
        "https" if cfg!(not(feature = "rustls")) => {
            return Err(Error::configuration(
                "base_url: https needs TLS; turn on the feature `rustls` or give an http_client that has TLS",
            ));
        }
        // Without TLS there is nothing to verify, and a machine without certificates can still talk to a mock server.
        #[cfg(feature = "rustls")]
        "http" => builder.tls_certs_only([]),
        _ => builder,
    };
    builder
        .build()
        .map_err(|error| Error::configuration("the HTTP client can't be set up").caused_by(error))
}

/// An empty variable is one that is not set.
fn variable(name: &'static str) -> Result<Option<Setting>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(Setting { name, value }).filter(|setting| !setting.value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::configuration(format!("{name} is not text"))),
    }
}

/// The setting if it can be used; what is wrong with it is noted otherwise.
fn noted<T>(setting: &str, checked: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    checked
        .map_err(|problem| problems.push(format!("{setting}: {problem}")))
        .ok()
}

/// No problem may show the key, in part either.
fn key(key: &str) -> Result<HeaderValue, String> {
    let problem = match key {
        "" => "it is empty",
        _ if key.trim() != key => "it begins or ends with white space, as the last line of a file does",
        _ if !key.bytes().all(|byte| byte.is_ascii_graphic()) => "it holds a character that no key has",
        _ => return header(key),
    };
    Err(problem.to_owned())
}

fn header(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| "it holds a character that no header can".to_owned())
}

fn nonzero(duration: Duration) -> Result<Duration, String> {
    if duration.is_zero() {
        Err("no call can be done in no time".to_owned())
    } else {
        Ok(duration)
    }
}

/// What is wrong is said without the URL itself: one with a password in it is just what may be refused here.
fn base(url: &str, allow_http: bool) -> Result<Url, String> {
    let url = Url::parse(url).map_err(|error| {
        format!(
            "it is no URL: {error}; write all of it, such as {}",
            SERVER_URL.unwrap_or("https://example.com")
        )
    })?;
    let problem = match url.scheme() {
        "https" => None,
        "http" if allow_http || is_this_machine(&url) => None,
        "http" => Some("plain http shows the key to the network; use https, or allow it with danger_allow_http"),
        _ => Some("it is neither https nor http"),
    };
    let problem = problem
        .or((!url.username().is_empty() || url.password().is_some()).then_some("it holds a user name or password"))
        .or((url.query().is_some() || url.fragment().is_some()).then_some("it holds a query or fragment"));
    match problem {
        Some(problem) => Err(problem.to_owned()),
        None => Ok(url),
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
