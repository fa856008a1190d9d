fn main() -> Result<(), callrounded::Error> {
    let client = callrounded::blocking::Client::from_env()?;
    let call = client.calls().get("123e4567-e89b-12d3-a456-426614174000").send()?;
    println!("{:?}", call.status);
    Ok(())
}
