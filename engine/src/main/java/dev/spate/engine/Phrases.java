package dev.spate.engine;

/** Parts of sentences. Pure. */
final class Phrases {
    private Phrases() {}

    /** {@code 1 peer}, {@code 2 peers}. */
    static String count(int number, String one) {
        return count(number, one, one + "s");
    }

    static String count(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }

    /** The problem without the remedy, which the library puts behind a semicolon. */
    static String problem(SpateException failure) {
        String message = String.valueOf(failure.getMessage());
        int semicolon = message.lastIndexOf("; ");
        return semicolon < 0 ? message : message.substring(0, semicolon);
    }
}
