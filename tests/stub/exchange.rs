// What the source of a client needs of the crate around it, where the client is only compiled: nothing is sent.

/// What the generated clients carry with each call; here the headers of the request that was to be sent.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    pub headers: std::sync::Arc<std::sync::Mutex<reqwest::header::HeaderMap>>,
}

/// An answer that never comes.
pub struct Never(std::convert::Infallible);

impl Exchange {
    fn url(&self, base: &str, path: &str) -> Result<reqwest::Url, String> {
        reqwest::Url::parse(&format!("{base}{path}")).map_err(|error| error.to_string())
    }

    async fn answer<E>(
        &self,
        _: &reqwest::Client,
        request: reqwest::Request,
        _: &progenitor_client::OperationInfo,
    ) -> Result<Never, progenitor_client::Error<E>> {
        if let Ok(mut headers) = self.headers.lock() {
            *headers = request.headers().clone();
        }
        Err(progenitor_client::Error::Custom("nothing is sent".to_owned()))
    }
}

impl Never {
    fn status(&self) -> reqwest::StatusCode {
        match self.0 {}
    }

    #[allow(clippy::result_large_err)]
    fn decode<T, E>(&self) -> Result<progenitor_client::ResponseValue<T>, progenitor_client::Error<E>> {
        match self.0 {}
    }

    fn to_response(&self) -> reqwest::Response {
        match self.0 {}
    }
}

fn encode_path_segment(segment: &str) -> String {
    segment.to_owned()
}
