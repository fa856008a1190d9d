use callrounded::{Client, Error, ErrorKind};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?; // reads CALLROUNDED_API_KEY
    let id = "123e4567-e89b-12d3-a456-426614174000";
    match client.calls().update(id).merge_metadata([("source", "ad")]).await {
        Ok(call) => println!("{} {:?}", call.id, call.metadata),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => println!("no such call"),
            ErrorKind::RateLimited => println!("retry after {:?}", error.retry_after()),
            _ => return Err(error),
        },
    }
    Ok(())
}
