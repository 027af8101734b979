package cdc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Makes connections to Postgres on which a look for changes waits until some come: {@code driver.socketFactory}.
 *
 * <p>To look for changes, Postgres' driver reads with a timeout of one millisecond. Debezium sleeps for {@code poll.interval.ms} when five looks in a
 * row have found nothing. With these connections, such a look takes up to {@link #PATIENCE_MS}, and a change ends it at once. So a change hardly ever
 * comes while Debezium sleeps, and a quiet database costs a few looks a second.
 */
public final class PatientSocketFactory extends SocketFactory {
    /** The driver's timeout for such a look, in milliseconds. Its other timeouts are longer, or there is none. */
    private static final int LOOK_MS = 1;
    /** Timeout in its place, in milliseconds. A confirmation of a position by Debezium, or a stop of the connector, may have to wait for so long. */
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
