//! The settings of a client, checked when it is built.

mod check;
mod http;

use std::{env, fmt, sync::Arc, time::Duration};

use callrounded_api::{API_KEY_HEADER, SERVER_URL};
use callrounded_runtime::{
    Clock, Error, Hooks, IncomingResponse, Limits, OutgoingRequest, SystemClock, Transport, checked_header, nonzero,
};
use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use self::check::{check_api_key, check_base_url, check_header_value, ok_or_record};

const KEY_VARIABLE: &str = "CALLROUNDED_API_KEY";
const BASE_URL_VARIABLE: &str = "CALLROUNDED_BASE_URL";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("callrounded/", env!("CARGO_PKG_VERSION"));

/// The settings of a [`Client`](crate::Client). Its methods accept any value; [`build`](Self::build) returns an error
/// of kind [`Configuration`](crate::ErrorKind::Configuration) that lists every invalid setting.
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build` is called"]
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

/// A setting, and the name under which it was set.
#[derive(Clone)]
struct Setting {
    name: &'static str,
    value: Zeroizing<String>,
}

impl ClientBuilder {
    /// Reads settings from the environment: the API key from `CALLROUNDED_API_KEY` and, if it is set, the base URL from
    /// `CALLROUNDED_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the API key is not set, or a value is not
    /// UTF-8.
    pub fn from_env() -> Result<Self, Error> {
        let api_key = variable(KEY_VARIABLE)?.ok_or_else(|| {
            Error::configuration(format!(
                "{KEY_VARIABLE} is not set; API keys are created in Rounded Studio"
            ))
        })?;
        Ok(Self {
            api_key: Some(api_key),
            base_url: variable(BASE_URL_VARIABLE)?,
            ..Self::default()
        })
    }

    /// Sets the API key, which is created in Rounded Studio. It must consist of visible ASCII characters without
    /// spaces.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(Setting {
            name: "api_key",
            value: Zeroizing::new(key.into()),
        });
        self
    }

    /// Sets the base URL, such as `http://127.0.0.1:4010` for a mock server. The default is that of the service,
    /// `https://api.callrounded.com`.
    ///
    /// It must be `https`, or plain `http` to `localhost` or a loopback address, without user name, query or fragment.
    /// A path is kept as a prefix. It must not end in `/v1`, with which the path of each operation begins.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(Setting {
            name: "base_url",
            value: Zeroizing::new(url.into()),
        });
        self
    }

    /// Sets the base URL, with the name that messages about it use, such as an option of a program.
    #[doc(hidden)]
    pub fn base_url_named(self, name: &'static str, url: impl Into<String>) -> Self {
        let mut builder = self.base_url(url);
        if let Some(setting) = &mut builder.base_url {
            setting.name = name;
        }
        builder
    }

    /// Sets the time limit of each request, over all attempts and the waits between them. The default is 60 seconds;
    /// zero is invalid. Decoding is not included. [`Request::timeout`](crate::Request::timeout) overrides it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Sets the time limit of one attempt, from connecting to the last byte of the response. The default is 30 seconds;
    /// zero is invalid.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// Sets the maximum number of retries of each request. The default is 2; 0 disables retries. See
    /// [`Client`](crate::Client) for what is retried. A request is not retried if the service asks to wait beyond the
    /// deadline, or for more than an hour.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.limits.max_retries = retries;
        self
    }

    /// Sets the maximum size of a response body in bytes, after decompression. The default is 64 MiB. A larger response
    /// fails with [`ErrorKind::BodyTooLarge`](crate::ErrorKind::BodyTooLarge).
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.limits.max_body_size = bytes;
        self
    }

    /// Adds a header to every request, for example one that a gateway requires. The API key and headers that the client
    /// sets itself are invalid.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), Zeroizing::new(value.into())));
        self
    }

    /// Sets the time limit for connecting. The default is 10 seconds, or half of the time limit of an attempt if that
    /// is less. Zero is invalid.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets the user agent. `callrounded/` and the version by default.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Adjusts the HTTP client: a proxy, certificates, a resolver. Several adjustments are made in order.
    ///
    /// Return the builder that is passed in, adjusted. A new builder would lack the user agent, and would send requests
    /// to this machine through a proxy from the environment. Afterwards the client disables redirects, retries by lower
    /// layers and logging of connections, and sets the [`connect_timeout`](Self::connect_timeout). A proxy that you set
    /// for plain `http` sees the API key.
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

    /// Uses your own HTTP client, shared with other code. To change a few settings, prefer
    /// [`configure_http`](Self::configure_http).
    ///
    /// It keeps its settings, so [`connect_timeout`](Self::connect_timeout), [`user_agent`](Self::user_agent) and
    /// `configure_http` cannot be combined with it. Limits of time, retries and size apply. Some guarantees do not:
    ///
    /// - If it follows redirects, which is the default of reqwest, it sends the API key to their target. A redirected
    ///   start of a call may dial twice, and so may one that this HTTP client retries.
    /// - Requests to this machine go through a proxy from the environment.
    /// - With `connection_verbose` it logs the API key.
    /// - A connect error does not prove that nothing was sent. A start of a call is then not retried and fails with
    ///   [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown).
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Adds a hook that is called before each attempt and may add headers. Hooks run in order, in the task that awaits
    /// the request, so a slow hook delays it.
    ///
    /// ```
    /// let client = callrounded::Client::builder()
    ///     .api_key("key")
    ///     .on_request(|request| {
    ///         // The name and the value are valid.
    ///         let _ = request.set_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ///     })
    ///     .on_response(|response| println!("{} {:?} {:?}", response.operation(), response.status(), response.took()))
    ///     .build()?;
    /// # Ok::<(), callrounded::Error>(())
    /// ```
    pub fn on_request(mut self, hook: impl Fn(&mut OutgoingRequest<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.on_request(hook);
        self
    }

    /// Adds a hook that is called with the outcome of each attempt. Hooks run in order. It is not called for an attempt
    /// that is cancelled.
    pub fn on_response(mut self, hook: impl Fn(&IncomingResponse<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.on_response(hook);
        self
    }

    /// Replaces time, waiting and randomness, for tests:
    ///
    /// ```
    /// use std::time::{Duration, Instant, SystemTime};
    ///
    /// use callrounded::{Clock, Sleep, SystemClock};
    ///
    /// /// Retries without waiting.
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

    /// Allows plain `http` to other machines. Anyone on the network path can then read API key and calls.
    pub fn danger_allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Checks the settings. The error lists each invalid one and why.
    pub(crate) fn transport(self) -> Result<Transport, Error> {
        let mut problems = Vec::new();
        let key = match self.api_key {
            Some(Setting { name, value }) => ok_or_record(name, check_api_key(value), &mut problems),
            None => ok_or_record("api_key", Err("is not set".to_owned()), &mut problems),
        };
        let base_url = match (&self.base_url, SERVER_URL) {
            (Some(Setting { name, value }), _) => {
                let url = check_base_url(name, value, self.allow_http);
                ok_or_record(name, url, &mut problems)
            }
            (None, Some(url)) => {
                let url = check_base_url("base_url", url, self.allow_http);
                ok_or_record("base_url", url, &mut problems)
            }
            (None, None) => ok_or_record(
                "base_url",
                Err("is not set, and the document has no server".to_owned()),
                &mut problems,
            ),
        };
        // Shorter than an attempt, so that a failure to connect is distinguished from a missing response.
        let attempt = self.limits.timeout.min(self.limits.attempt_timeout);
        let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT.min(attempt / 2));
        for (setting, duration) in [
            ("timeout", self.limits.timeout),
            ("attempt_timeout", self.limits.attempt_timeout),
            ("connect_timeout", self.connect_timeout.unwrap_or(CONNECT_TIMEOUT)),
        ] {
            ok_or_record(setting, nonzero(duration).map_err(str::to_owned), &mut problems);
        }
        let user_agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
        let user_agent = ok_or_record("user_agent", check_header_value(user_agent), &mut problems);
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            match checked_header(name, value, API_KEY_HEADER) {
                Ok((name, value)) => drop(headers.insert(name, value)),
                Err(problem) => problems.push(problem),
            }
        }
        if self.http_client.is_some() {
            let problem = "cannot be combined with http_client; set it there";
            let settings = [
                ("connect_timeout", self.connect_timeout.is_some()),
                ("user_agent", self.user_agent.is_some()),
                ("configure_http", !self.configure_http.is_empty()),
            ];
            for (setting, _) in settings.into_iter().filter(|(_, is_set)| *is_set) {
                problems.push(format!("{setting}: {problem}"));
            }
        }
        let (Some(key), Some(base_url), Some(user_agent), []) = (key, base_url, user_agent, problems.as_slice()) else {
            return Err(Error::configuration(problems.join("; ")));
        };
        let (http, sends_once) = match self.http_client {
            Some(client) => (client, false),
            None => {
                let client = http::client(&base_url, connect_timeout, user_agent, &self.configure_http)?;
                (client, true)
            }
        };
        let mut transport = Transport::new(http, base_url, key, API_KEY_HEADER)
            .headers(headers)
            .limits(self.limits)
            .hooks(self.hooks)
            .clock(self.clock.unwrap_or_else(|| Arc::new(SystemClock)));
        if sends_once {
            transport = transport.sends_once(connect_timeout);
        }
        Ok(transport)
    }
}

/// Omits the API key.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("limits", &self.limits)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// Reads an environment variable. An empty variable is treated as not set.
fn variable(name: &'static str) -> Result<Option<Setting>, Error> {
    match env::var(name) {
        Ok(value) => {
            let value = Zeroizing::new(value);
            Ok(Some(Setting { name, value }).filter(|setting| !setting.value.is_empty()))
        }
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::configuration(format!("{name} is not valid UTF-8"))),
    }
}
