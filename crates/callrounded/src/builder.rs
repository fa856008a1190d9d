//! The settings of a client, checked when it is built.

mod check;
mod http;

use std::{env, fmt, sync::Arc, time::Duration};

use callrounded_api::{Clock, Limits, SERVER_URL, SystemClock, Transport};
use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use self::check::{base, header, key, noted};

use crate::{
    client::{Client, Shared},
    error::Error,
    hooks::{Hooks, IncomingAnswer, OutgoingRequest},
    options::{checked_header, nonzero},
};

const KEY_VARIABLE: &str = "CALLROUNDED_API_KEY";
const BASE_URL_VARIABLE: &str = "CALLROUNDED_BASE_URL";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("callrounded/", env!("CARGO_PKG_VERSION"));

/// The settings of a [`Client`]. Whatever is wrong with them is said by [`build`](Self::build).
#[derive(Clone, Default)]
#[must_use = "a builder makes no client before `build` is called"]
pub struct ClientBuilder {
    api_key: Option<Setting>,
    base_url: Option<Setting>,
    limits: Limits,
    connect_timeout: Option<Duration>,
    user_agent: Option<String>,
    headers: Vec<(String, Zeroizing<String>)>,
    configure_http: Vec<ConfigureHttp>,
    http_client: Option<reqwest::Client>,
    allow_http: bool,
    clock: Option<Arc<dyn Clock>>,
    hooks: Hooks,
}

type ConfigureHttp = Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// A setting, and what whoever set it calls it.
#[derive(Clone)]
struct Setting {
    name: &'static str,
    value: Zeroizing<String>,
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
            value: Zeroizing::new(key.into()),
        });
        self
    }

    /// Where the API is, such as `http://127.0.0.1:4010` for a mock server. The service by default.
    ///
    /// `https`, or plain `http` to this machine; without user info, query or fragment. A path is kept.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(Setting {
            name: "base_url",
            value: Zeroizing::new(url.into()),
        });
        self
    }

    /// How long a call may take, over all attempts and the waits between them. One minute by default. (Decoding what has
    /// come is not counted.)
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the answer. 30 seconds by default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// How often a call may be sent again where that is safe: see [`Client`]. Twice by default. It is not sent again where
    /// the service asks to wait beyond the deadline, or for more than an hour.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.limits.max_retries = retries;
        self
    }

    /// How many bytes the body of an answer may have, decompressed. 64 MiB by default.
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.limits.max_body_size = bytes;
        self
    }

    /// Sends a header with every request, such as one that a gateway asks for. The key and what makes a request what it is
    /// can't be set so.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), Zeroizing::new(value.into())));
        self
    }

    /// How long connecting may take. 10 seconds by default, or half of what an attempt may take where that is less.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// What the client calls itself. `callrounded/` and the version by default.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Adjusts the HTTP client: a proxy, certificates, a resolver. Several adjustments are made in their order.
    ///
    /// Give back the builder that is passed, adjusted. What keeps the key and the calls safe is set after this and can't be
    /// changed by it: no redirects, no sending again by lower layers, no logging of what goes over a connection, and the
    /// [`connect_timeout`](Self::connect_timeout). What a proxy, a resolver or certificates do is the caller's: a proxy for
    /// plain `http` to this machine gets the key. (A builder made anew would be without the user agent, and the rule that
    /// what goes to this machine goes through no proxy that the environment names.)
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let proxy = callrounded::reqwest::Proxy::https("http://127.0.0.1:3128")?;
    /// let client = callrounded::Client::builder()
    ///     .api_key("key")
    ///     .configure_http(move |http| http.proxy(proxy.clone()))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure_http.push(Arc::new(configure));
        self
    }

    /// An HTTP client of your own, shared with other uses. Where it is enough to set something, prefer
    /// [`configure_http`](Self::configure_http).
    ///
    /// It keeps its settings, so [`connect_timeout`](Self::connect_timeout), [`user_agent`](Self::user_agent) and
    /// `configure_http` can't be given beside it; the limits of time, attempts and size hold for it too. What can't be
    /// guaranteed with it: if it follows redirects (as reqwest does unless told otherwise), it sends the key on to wherever
    /// one leads, and a start of a call too, which may then dial twice, as it may if it sends again by itself; a proxy that the
    /// environment names gets what goes to this machine; with `connection_verbose` it logs the key. Since nobody knows what
    /// such a client has sent when it can't connect, a start of a call is not sent again then: it is `OutcomeUnknown`; and
    /// `Connect` says only that it could not connect in the end.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Looks at each request before it is sent, every attempt of it, and may add a header. Several are asked in their order.
    /// It runs where the call is awaited: what takes long holds it up.
    ///
    /// ```
    /// let client = callrounded::Client::builder()
    ///     .api_key("key")
    ///     .on_request(|request| {
    ///         // It is a name and a value that a header can have.
    ///         let _ = request.set_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ///     })
    ///     .on_answer(|answer| println!("{} {:?} {:?}", answer.operation(), answer.status(), answer.took()))
    ///     .build()?;
    /// # Ok::<(), callrounded::Error>(())
    /// ```
    pub fn on_request(mut self, hook: impl Fn(&mut OutgoingRequest<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.on_request.push(Arc::new(hook));
        self
    }

    /// Looks at what came of each attempt. Several are asked in their order. An attempt that is given up, since the future of
    /// its call is dropped, has no end to look at.
    pub fn on_answer(mut self, hook: impl Fn(&IncomingAnswer<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.on_answer.push(Arc::new(hook));
        self
    }

    /// Takes time, waiting and chance from elsewhere than the system, for tests:
    ///
    /// ```
    /// use std::time::{Duration, Instant, SystemTime};
    ///
    /// use callrounded::{Clock, Sleep, SystemClock};
    ///
    /// /// Sends again at once.
    /// struct WithoutWaits;
    ///
    /// impl Clock for WithoutWaits {
    ///     fn now(&self) -> Instant {
    ///         SystemClock.now()
    ///     }
    ///     fn system_time(&self) -> SystemTime {
    ///         SystemClock.system_time()
    ///     }
    ///     fn sleep(&self, _: Duration) -> Sleep {
    ///         Box::pin(std::future::ready(()))
    ///     }
    ///     fn expire(&self, limit: Duration) -> Sleep {
    ///         SystemClock.expire(limit)
    ///     }
    ///     fn random(&self) -> f64 {
    ///         0.5
    ///     }
    /// }
    ///
    /// let client = callrounded::Client::builder().api_key("key").clock(WithoutWaits).build()?;
    /// # Ok::<(), callrounded::Error>(())
    /// ```
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Allows plain `http` to other machines. Key and calls then cross the network readable by anyone on the way.
    pub fn danger_allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Builds a client that needs no runtime around it. An [`http_client`](Self::http_client) that is given must not be used
    /// elsewhere: its connections belong to the runtime of this one.
    ///
    /// # Errors
    /// As [`build`](Self::build), and where the machine has no thread for it.
    #[cfg(feature = "blocking")]
    pub fn build_blocking(self) -> Result<crate::blocking::Client, Error> {
        self.build().and_then(crate::blocking::Client::new)
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), naming each setting that can't be used and why.
    pub fn build(self) -> Result<Client, Error> {
        let mut problems = Vec::new();
        let key = match self.api_key {
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
        // Short of the time for an attempt, so that what could not be sent is told from what was not answered.
        let attempt = self.limits.timeout.min(self.limits.attempt_timeout);
        let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT.min(attempt / 2));
        for (setting, duration) in [
            ("timeout", self.limits.timeout),
            ("attempt_timeout", self.limits.attempt_timeout),
            ("connect_timeout", self.connect_timeout.unwrap_or(CONNECT_TIMEOUT)),
        ] {
            noted(setting, nonzero(duration), &mut problems);
        }
        let user_agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
        let user_agent = noted("user_agent", header(user_agent), &mut problems);
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            match checked_header(name, value) {
                Ok((name, value)) => drop(headers.insert(name, value)),
                Err(problem) => problems.push(problem),
            }
        }
        if self.http_client.is_some() {
            let theirs = "an own http_client keeps its settings; set it there".to_owned();
            let both = [
                ("connect_timeout", self.connect_timeout.is_some()),
                ("user_agent", self.user_agent.is_some()),
                ("configure_http", !self.configure_http.is_empty()),
            ];
            for (setting, _) in both.into_iter().filter(|(_, given)| *given) {
                problems.push(format!("{setting}: {theirs}"));
            }
        }
        let (Some(key), Some(base_url), Some(user_agent), []) = (key, base_url, user_agent, problems.as_slice()) else {
            return Err(Error::configuration(problems.join("; ")));
        };
        let transport = Transport::new(key, headers);
        let (http, transport) = match self.http_client {
            Some(client) => (client, transport),
            None => {
                let client = http::client(&base_url, connect_timeout, user_agent, &self.configure_http)?;
                (client, transport.sends_once(connect_timeout))
            }
        };
        let transport = match self.hooks.is_empty() {
            true => transport,
            false => transport.observer(Arc::new(self.hooks)),
        };
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        Ok(Client::new(Shared {
            http,
            base_url: base_url.as_str().trim_end_matches('/').to_owned(),
            transport: Arc::new(transport.clock(clock)),
            limits: self.limits,
        }))
    }
}

/// Shows no key.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("limits", &self.limits)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// An empty variable is one that is not set.
fn variable(name: &'static str) -> Result<Option<Setting>, Error> {
    match env::var(name) {
        Ok(value) => {
            let value = Zeroizing::new(value);
            Ok(Some(Setting { name, value }).filter(|setting| !setting.value.is_empty()))
        }
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::configuration(format!("{name} is not text"))),
    }
}
