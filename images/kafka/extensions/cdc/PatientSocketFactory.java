package cdc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Connections to Postgres on which a look for changes waits for them: {@code driver.socketFactory}.
 *
 * <p>Postgres' driver looks whether something has come by reading for one millisecond, and Debezium sleeps for
 * {@code poll.interval.ms} when five looks in a row found nothing. Here such a look takes up to {@link #PATIENCE_MS}:
 * a change ends it at once, so next to nothing is left to sleep through, and a quiet database costs a few looks a second.
 */
public final class PatientSocketFactory extends SocketFactory {
    /** The driver's own timeout for such a look. Every other one is longer, or none. */
    private static final int LOOK_MS = 1;
    /** What Debezium's confirmation of a position, and a stop of the connector, may have to wait for at most. */
    private static final int PATIENCE_MS = 500;

    @Override
    public Socket createSocket() {
        return new PatientSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return new Socket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return new Socket(host, port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return new Socket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return new Socket(host, port, localHost, localPort);
    }

    private static final class PatientSocket extends Socket {
        @Override
        public void setSoTimeout(int milliseconds) throws SocketException {
            super.setSoTimeout(milliseconds == LOOK_MS ? PATIENCE_MS : milliseconds);
        }
    }
}
