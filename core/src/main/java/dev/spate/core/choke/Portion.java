package dev.spate.core.choke;

/**
 * Divides a whole in proportion to weights, where nobody takes more than it can use: what one leaves is divided among the others, in the
 * same proportion. Pure.
 */
final class Portion {
    private Portion() {}

    /**
     * The part of each.
     *
     * @param whole what there is, 0 or more
     * @param weights of each, above 0
     * @param most what each can use
     * @return what each gets; together at most the whole
     */
    static long[] of(long whole, double[] weights, long[] most) {
        long[] portions = new long[weights.length];
        boolean[] full = new boolean[weights.length];
        long left = whole;
        boolean again = true;
        // Each time but the last at least one more has all that it can use.
        while (again) {
            again = false;
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += full[i] ? 0 : weights[i];
            }
            long taken = 0;
            for (int i = 0; i < weights.length; i++) {
                if (!full[i]) {
                    portions[i] = (long) (left * (weights[i] / sum));
                    if (portions[i] >= most[i]) {
                        portions[i] = most[i];
                        full[i] = true;
                        again = true;
                        taken += most[i];
                    }
                }
            }
            left -= taken;
        }
        return portions;
    }
}
