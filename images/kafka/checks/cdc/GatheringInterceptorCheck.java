package cdc;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Checks when {@link GatheringInterceptor} rests. */
final class GatheringInterceptorCheck {
    private int rests;
    /** Number of records that the task sends during the next rest. */
    private int comesMeanwhile;
    private final GatheringInterceptor interceptor = new GatheringInterceptor(() -> {
        rests++;
        send(comesMeanwhile);
        comesMeanwhile = 0;
    });

    public static void main(String[] args) {
        GatheringInterceptorCheck alone = new GatheringInterceptorCheck();
        for (int i = 0; i < 1000; i++) {
            alone.send(1);
            alone.answer(1);
        }
        alone.expect(0, "after changes that come one by one");

        GatheringInterceptorCheck few = new GatheringInterceptorCheck();
        for (int i = 0; i < 1000; i++) {
            few.send(31);
            few.answer(31);
        }
        few.expect(0, "while fewer than 32 are on their way");

        GatheringInterceptorCheck many = new GatheringInterceptorCheck();
        many.send(33);
        many.comesMeanwhile = 400;
        many.answer(1);
        many.expect(1, "when the first is answered and 32 more have come");
        many.answer(431);
        many.expect(1, "until what had come by the end of that rest is answered");
        many.send(100);
        many.answer(1);
        many.expect(2, "when it is, and again many have come");
        many.answer(100);
        many.send(1);
        many.answer(1);
        many.expect(2, "once no more come");
    }

    private void send(int records) {
        for (int i = 0; i < records; i++) {
            interceptor.onSend(new ProducerRecord<>("topic", new byte[0]));
        }
    }

    private void answer(int records) {
        for (int i = 0; i < records; i++) {
            interceptor.onAcknowledgement(null, null);
        }
    }

    private void expect(int expected, String when) {
        if (rests != expected) {
            throw new AssertionError("%d rests instead of %d %s".formatted(rests, expected, when));
        }
    }
}
