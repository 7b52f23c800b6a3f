package io.usagestream.envelope;

/** The registry refused, or could not be reached. */
public final class RegistryException extends RuntimeException {
    static final int UNREACHABLE = 0;
    private static final int MESSAGE_LIMIT = 300;
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param what the subject, or the schema's id
     * @param status of HTTP
     */
    RegistryException(String what, int status, String said) {
        super(message(what, status, said), null, false, false);
        this.status = status;
    }

    /** The status of HTTP, 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** Whether a person must act: the registry answered, and will answer the same again. */
    public boolean refused() {
        return status >= 300 && status < 500 && status != 408 && status != 429;
    }

    private static String message(String what, int status, String said) {
        String cleaned = said.replaceAll("\\p{Cntrl}", " ");
        String cut = cleaned.length() > MESSAGE_LIMIT ? cleaned.substring(0, MESSAGE_LIMIT) + "…" : cleaned;
        String advice = switch (status) {
            case UNREACHABLE -> "";
            case 401, 403 -> " (the registry refuses the credentials)";
            case 404 -> " (not registered, and auto-register is off or the path of the url is wrong)";
            case 409 -> " (the schema is incompatible with an earlier one of the subject)";
            case 422 -> " (the registry does not take the schema)";
            default -> "";
        };
        return "schema registry, " + what + ": " + (status == UNREACHABLE ? "" : "HTTP " + status + ", ") + cut
                + advice;
    }
}
