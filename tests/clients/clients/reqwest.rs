fn main() {
    let args: Vec<String> = std::env::args().collect();
    let client = reqwest::blocking::Client::new();
    let call = client.get(format!("{}/v1/me", args[1])).bearer_auth(&args[2]);
    let answer = call.send().unwrap();
    println!("{answer:#?}");
    println!("{}", answer.error_for_status().unwrap_err());
    let call = client.get(format!("{}/forbidden/x", args[1])).bearer_auth(&args[2]);
    call.send().unwrap().error_for_status().unwrap();
}
