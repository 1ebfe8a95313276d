//! What the words of a message mean: methods, RFC 9110, section 9, and WebDAV's, RFC 4918 and RFC 3253; status codes and fields,
//! IANA's registries.

use crate::field::{Field, Kind};

/// The methods, as tcpdump knows them, WebDAV's and some of Microsoft's among them.
const METHODS: &[&str] = &[
    "BASELINE-CONTROL", "BCOPY", "BDELETE", "BMOVE", "BPROPFIND", "BPROPPATCH",
    "CCM_POST", "CHECKIN", "CHECKOUT", "CONNECT", "COPY", "DELETE",
    "GET", "HEAD", "LABEL", "LOCK", "MERGE", "MKACTIVITY",
    "MKCOL", "MKWORKSPACE", "MOVE", "NOTIFY", "OPTIONS", "POLL",
    "POST", "PROPFIND", "PROPPATCH", "PUT", "REPORT", "RPC_CONNECT",
    "SEARCH", "SUBSCRIBE", "TRACE", "UNCHECKOUT", "UNLOCK", "UNSUBSCRIBE",
    "UPDATE", "VERSION-CONTROL",
];

/// Tells whether a word is a method; case does not count.
pub(super) fn is_method(word: &[u8]) -> bool {
    METHODS.iter().any(|method| word.eq_ignore_ascii_case(method.as_bytes()))
}

/// Makes the row of a field.
const fn header(name: &'static str, path: &'static str, doc: &'static str) -> Field {
    Field::variable(name, path, Kind::Text, doc)
}

/// The fields that are described; case does not count in their names.
pub(super) const HEADERS: &[Field] = &[
    header("host", "http.host", "Host: which host is meant."),
    header("user-agent", "http.user_agent", "User agent: which program asks."),
    header("accept", "http.accept", "Accept: which media types are wanted."),
    header("accept-encoding", "http.accept_encoding", "Accept encoding: which codings are wanted."),
    header("accept-language", "http.accept_language", "Accept language: which languages are wanted."),
    header("connection", "http.connection", "Connection: how the connection goes on."),
    header("content-type", "http.content_type", "Content type: the media type of the content."),
    header("content-length", "http.content_length_header", "Content length: of the content, in bytes."),
    header("content-encoding", "http.content_encoding", "Content encoding: how the content is coded."),
    header("transfer-encoding", "http.transfer_encoding", "Transfer encoding: how the message is cut into parts."),
    header("upgrade", "http.upgrade", "Upgrade: which protocol is offered."),
    header("cookie", "http.cookie", "Cookie: what the server gave before."),
    header("set-cookie", "http.set_cookie", "Set cookie: what the server wants to be given again."),
    header("date", "http.date", "Date: when the message was made."),
    header("last-modified", "http.last_modified", "Last modified: when the resource changed."),
    header("server", "http.server", "Server: which program answers."),
    header("location", "http.location", "Location: where else the resource is."),
    header("referer", "http.referer", "Referer: from where the request came."),
    header("cache-control", "http.cache_control", "Cache control: how the message may be kept."),
    header("authorization", "http.authorization", "Authorization: who asks."),
    header("www-authenticate", "http.www_authenticate", "Www authenticate: how one may show who one is."),
    header("proxy-authenticate", "http.proxy_authenticate", "Proxy authenticate: how one may show who one is, to a proxy."),
    header("proxy-authorization", "http.proxy_authorization", "Proxy authorization: who asks, to a proxy."),
    header("x-forwarded-for", "http.x_forwarded_for", "X forwarded for: for whom a proxy asks."),
    header("sec-websocket-accept", "http.sec_websocket_accept", "Sec websocket accept: that the key was read."),
    header("sec-websocket-extensions", "http.sec_websocket_extensions", "Sec websocket extensions: which extensions are used."),
    header("sec-websocket-key", "http.sec_websocket_key", "Sec websocket key: that is to be answered."),
    header("sec-websocket-protocol", "http.sec_websocket_protocol", "Sec websocket protocol: which protocol is spoken inside."),
    header("sec-websocket-version", "http.sec_websocket_version", "Sec websocket version: of WebSocket."),
    header("http2-settings", "http.http2_settings", "Http2 settings: with which version 2 would begin."),
];

/// Finds the row of a field.
pub(super) fn header_row(name: &[u8]) -> Option<&'static Field> {
    HEADERS.iter().find(|row| name.eq_ignore_ascii_case(row.name.as_bytes()))
}

/// Says what a status code means.
pub(super) fn meaning(code: &[u8]) -> Option<&'static str> {
    Some(match code {
        b"100" => "Continue",
        b"101" => "Switching Protocols",
        b"102" => "Processing",
        b"200" => "OK",
        b"201" => "Created",
        b"202" => "Accepted",
        b"203" => "Non-authoritative Information",
        b"204" => "No Content",
        b"205" => "Reset Content",
        b"206" => "Partial Content",
        b"207" => "Multi-Status",
        b"226" => "IM Used",
        b"300" => "Multiple Choices",
        b"301" => "Moved Permanently",
        b"302" => "Found",
        b"303" => "See Other",
        b"304" => "Not Modified",
        b"305" => "Use Proxy",
        b"307" => "Temporary Redirect",
        b"308" => "Permanent Redirect",
        b"400" => "Bad Request",
        b"401" => "Unauthorized",
        b"402" => "Payment Required",
        b"403" => "Forbidden",
        b"404" => "Not Found",
        b"405" => "Method Not Allowed",
        b"406" => "Not Acceptable",
        b"407" => "Proxy Authentication Required",
        b"408" => "Request Time-out",
        b"409" => "Conflict",
        b"410" => "Gone",
        b"411" => "Length Required",
        b"412" => "Precondition Failed",
        b"413" => "Request Entity Too Large",
        b"414" => "Request-URI Too Long",
        b"415" => "Unsupported Media Type",
        b"416" => "Requested Range Not Satisfiable",
        b"417" => "Expectation Failed",
        b"421" => "Misdirected Request",
        b"422" => "Unprocessable Entity",
        b"423" => "Locked",
        b"424" => "Failed Dependency",
        b"426" => "Upgrade Required",
        b"428" => "Precondition Required",
        b"429" => "Too Many Requests",
        b"431" => "Request Header Fields Too Large",
        b"451" => "Unavailable For Legal Reasons",
        b"500" => "Internal Server Error",
        b"501" => "Not Implemented",
        b"502" => "Bad Gateway",
        b"503" => "Service Unavailable",
        b"504" => "Gateway Time-out",
        b"505" => "HTTP Version not supported",
        b"507" => "Insufficient Storage",
        b"508" => "Loop Detected",
        b"511" => "Network Authentication Required",
        _ => return None,
    })
}
