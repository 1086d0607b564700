//! Words as the vocabulary knows them: lower case, without accents, identifiers taken apart, names and numbers replaced by
//! what they are.

/// Whether a word carries no meaning here.
fn is_silent(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "is"
            | "are"
            | "was"
            | "were"
            | "be"
            | "been"
            | "being"
            | "this"
            | "that"
            | "these"
            | "those"
            | "your"
            | "its"
            | "it"
            | "my"
            | "our"
            | "their"
            | "currently"
            | "s"
    )
}

/// Names whose capitals do not part words.
const WHOLE: [(&str, &str); 14] = [
    ("OAuth", "Oauth"),
    ("DPoP", "Dpop"),
    ("OpenID", "Openid"),
    ("JWKs", "Jwks"),
    ("JWTs", "Jwts"),
    ("GitHub", "Github"),
    ("GitLab", "Gitlab"),
    ("WebAuthn", "Webauthn"),
    ("IPs", "Ips"),
    ("IDs", "Ids"),
    ("APIs", "Apis"),
    ("URIs", "Uris"),
    ("URLs", "Urls"),
    ("ReCaptcha", "Recaptcha"),
];

/// Spellings of British English, by the part that differs.
const BRITISH: [(&str, &str); 6] = [
    ("authoris", "authoriz"),
    ("recognis", "recogniz"),
    ("organis", "organiz"),
    ("synchronis", "synchroniz"),
    ("licence", "license"),
    ("centre", "center"),
];

/// None of them is in a word with fewer bytes.
const SHORTEST_BRITISH: usize = 6;

/// A chunk without a blank that is longer than this many bytes is no words; taking it apart has as many steps as parts.
const LONGEST: usize = 512;

/// Puts the words of one chunk of text, which holds no blank and no mark at its ends, behind those already found.
/// `code`: the chunk is a whole value, so that dots and slashes part words instead of making it a name.
pub(crate) fn push(chunk: &str, code: bool, out: &mut Vec<String>) {
    if chunk.is_empty() {
        return;
    }
    if let Some(kind) = kind(chunk) {
        out.push(kind.to_owned());
        return;
    }
    if chunk.chars().any(is_ideograph) {
        ideographs(chunk, out);
        return;
    }
    if chunk.len() > LONGEST {
        out.push("<id>".to_owned());
        return;
    }
    if let Some((before, after)) = chunk.split_once('=') {
        push(before, true, out);
        out.push(":".to_owned());
        push(after.trim_matches(['"', '\'']), true, out);
        return;
    }
    if chunk.contains('/') {
        slashes(chunk, code, out);
        return;
    }
    if chunk.contains(':') {
        colons(chunk, code, out);
        return;
    }
    if chunk.contains('.') {
        dots(chunk, code, out);
        return;
    }
    for part in chunk.split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c)) {
        camel(part, out);
    }
}

/// What a chunk is, where it is no word.
fn kind(chunk: &str) -> Option<&'static str> {
    let bytes = chunk.as_bytes();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    if chunk.contains("://") {
        return Some("<url>");
    }
    if chunk.starts_with("eyJ") {
        return Some("<jwt>");
    }
    if bytes.contains(&b'@') {
        return Some("<email>");
    }
    if digits == 0 {
        return None;
    }
    let dotted = chunk.split('.').count() == 4;
    if dotted
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b'/'))
    {
        return Some("<ip>");
    }
    let dated = bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(bytes[4], b'-' | b'/');
    if dated {
        return Some("<date>");
    }
    if bytes.len() > 4
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || b.is_ascii_punctuation())
    {
        return Some("<num>");
    }
    let hex = bytes.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
    if hex && bytes.len() >= 8 {
        return Some("<id>");
    }
    let plain = bytes
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (plain && bytes.len() >= 20 && digits >= 4).then_some("<id>")
}

fn slashes(chunk: &str, code: bool, out: &mut Vec<String>) {
    if chunk.starts_with('/') || chunk.matches('/').count() > 2 && !code {
        out.push("<path>".to_owned());
        return;
    }
    let mut first = true;
    for part in chunk.split('/') {
        if !first && !part.is_empty() {
            out.push(if code { ":" } else { "or" }.to_owned());
        }
        first = false;
        push(part, code, out);
    }
}

fn colons(chunk: &str, code: bool, out: &mut Vec<String>) {
    let plain = |part: &str| part.chars().all(|c| c.is_ascii_lowercase());
    let parts: Vec<&str> = chunk.split(':').filter(|part| !part.is_empty()).collect();
    let scope = parts.len() > 1
        && parts
            .iter()
            .all(|part| plain(part) || part.contains('.') || *part == "*");
    if scope && !code {
        out.push("<name>".to_owned());
        return;
    }
    for (number, part) in parts.into_iter().enumerate() {
        if number > 0 {
            out.push(":".to_owned());
        }
        push(part, code, out);
    }
}

/// A dotted name: an exception counts by its class, a code by all its parts, anything else is a name.
fn dots(chunk: &str, code: bool, out: &mut Vec<String>) {
    let last = chunk.rsplit('.').next().unwrap_or_default();
    let class = [
        "Exception",
        "Error",
        "Invalid",
        "Expired",
        "Denied",
        "Failed",
        "Required",
    ];
    if class.iter().any(|end| last.ends_with(end)) {
        camel(last, out);
        return;
    }
    let sentence = chunk.split_once('.').is_some_and(|(before, after)| {
        after.starts_with(|c: char| c.is_ascii_uppercase())
            && before.len() > 3
            && before.chars().all(char::is_alphabetic)
    });
    if code || sentence {
        for part in chunk.split('.') {
            push(part, code, out);
        }
        return;
    }
    out.push("<name>".to_owned());
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// `JwtTokenExpired`, `JWTExpired`, `clientID`: one word each.
fn camel(part: &str, out: &mut Vec<String>) {
    if is_one_word(part) {
        plain(part, out);
        return;
    }
    let mut part = part.to_owned();
    for (name, whole) in WHOLE {
        if part.contains(name) {
            part = part.replace(name, whole);
        }
    }
    let letters: Vec<char> = part.chars().collect();
    let mut start = 0;
    for at in 1..letters.len() {
        let (before, here) = (letters[at - 1], letters[at]);
        let next = letters.get(at + 1);
        let rises = before.is_lowercase() && here.is_uppercase();
        let ends =
            before.is_uppercase() && here.is_uppercase() && next.is_some_and(|c| c.is_lowercase());
        if rises || ends {
            plain(&letters[start..at].iter().collect::<String>(), out);
            start = at;
        }
    }
    plain(&letters[start..].iter().collect::<String>(), out);
}

/// Whether capitals part nothing: `token`, `Token`, `TOKEN`.
fn is_one_word(part: &str) -> bool {
    let rest = part.as_bytes().get(1..).unwrap_or_default();
    let even =
        !rest.iter().any(u8::is_ascii_uppercase) || !part.bytes().any(|b| b.is_ascii_lowercase());
    part.is_ascii() && even
}

/// Contractions as identifiers have them, without an apostrophe: `couldnt_parse`.
const UNMARKED: [(&str, &str); 12] = [
    ("arent", "are"),
    ("cant", "can"),
    ("couldnt", "could"),
    ("didnt", "did"),
    ("doesnt", "does"),
    ("dont", "do"),
    ("hasnt", "has"),
    ("havent", "have"),
    ("isnt", "is"),
    ("shouldnt", "should"),
    ("wasnt", "was"),
    ("wont", "will"),
];

/// One word in any case: contractions parted, accents dropped, silent words left out.
fn plain(word: &str, out: &mut Vec<String>) {
    let mut word = lower(word);
    for end in ["n't", "n’t"] {
        if let Some(before) = word.strip_suffix(end) {
            let before = match before {
                "ca" => "can",
                "wo" => "will",
                other => other,
            };
            plain(before, out);
            out.push("not".to_owned());
            return;
        }
    }
    if let Some((_, verb)) = UNMARKED.iter().find(|(own, _)| *own == word) {
        plain(verb, out);
        out.push("not".to_owned());
        return;
    }
    if word == "cannot" {
        out.extend(["can".to_owned(), "not".to_owned()]);
        return;
    }
    if let Some(at) = word.find(is_apostrophe) {
        // "user's" ends there; "l'utilisateur", "dell'utente" begin behind it.
        match word[..at].len() <= 2 || word[..at].ends_with("ll") {
            true if word[at..].chars().count() > 4 => word.drain(..at),
            _ => word.drain(at..),
        };
        word.retain(|c| !is_apostrophe(c));
    }
    if word.len() >= SHORTEST_BRITISH {
        for (british, american) in BRITISH {
            if word.contains(british) {
                word = word.replace(british, american);
            }
        }
    }
    if word.is_empty() || is_silent(&word) {
        return;
    }
    out.push(word);
}

/// A word in lower case and without accents.
fn lower(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let letters = word.chars().flat_map(char::to_lowercase);
    letters.map(unaccented).collect()
}

/// Whether a script writes its words without blanks between them: each character is then a word.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

fn ideographs(chunk: &str, out: &mut Vec<String>) {
    let mut latin = String::new();
    for c in chunk.chars() {
        if c.is_alphanumeric() && !is_ideograph(c) || matches!(c, '_' | '-' | '.') {
            latin.push(c);
            continue;
        }
        push(&std::mem::take(&mut latin), true, out);
        if is_ideograph(c) {
            out.push(simplified(c).to_string());
        } else if matches!(c, '，' | '：' | '、' | ':' | ',') {
            out.push(",".to_owned());
        }
    }
    push(&latin, true, out);
}

/// The form that mainland Chinese writes, for the signs of refusals that Taiwan and Hong Kong write otherwise.
fn simplified(c: char) -> char {
    const PAIRS: &str = "無无沒没訪访問问認认證证錯错誤误權权許许絕绝帳账帐账號号過过鎖锁啟启請请頭头驗验碼码憑凭標标簽签應应發发\
        鑰钥戶户時时間间組组織织輸输傳传參参數数據据類类型型個个動动執执這这為为與与從从連连線线網网絡络頻频請请額额達达對对象象\
        禁禁範范圍围";
    let mut pairs = PAIRS.chars().filter(|c| !c.is_whitespace());
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if from == c {
            return to;
        }
    }
    c
}

fn unaccented(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' | 'ạ'..='ặ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ẹ'..='ệ' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'ỉ'..='ị' => 'i',
        'ł' | 'ľ' | 'ĺ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ő' | 'ø' | 'ơ' | 'ọ'..='ợ' => 'o',
        'ř' | 'ŕ' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ț' | 'ţ' | 'ť' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ű' | 'ů' | 'ư' | 'ụ'..='ự' => 'u',
        'ý' | 'ỳ'..='ỹ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        other => other,
    }
}
