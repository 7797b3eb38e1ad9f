package dev.spate.wire.dht;

/** Why a node refuses a query (BEP 5 and BEP 44, "errors"). */
public enum KrpcError {
    GENERIC(201, "Generic error"),
    SERVER(202, "Server error"),
    PROTOCOL(203, "Invalid arguments"),
    BAD_TOKEN(203, "Bad token"),
    UNKNOWN_METHOD(204, "Method unknown"),
    VALUE_TOO_BIG(205, "Value too big"),
    BAD_SIGNATURE(206, "Invalid signature"),
    SALT_TOO_BIG(207, "Salt too big"),
    CAS_MISMATCH(301, "CAS mismatch, read again"),
    SEQUENCE_TOO_LOW(302, "Sequence number less than current");

    private final int code;
    private final String text;

    KrpcError(int code, String text) {
        this.code = code;
        this.text = text;
    }

    public int code() {
        return code;
    }

    public String text() {
        return text;
    }
}
