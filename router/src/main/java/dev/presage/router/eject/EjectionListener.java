package dev.presage.router.eject;

/** Told of every change of rotation, on the thread that brought the news: must not block and must not throw. */
public interface EjectionListener {
    EjectionListener NONE = new EjectionListener() {
        @Override
        public void ejected(String address, EjectionCause cause) {}

        @Override
        public void readmitted(String address) {}

        @Override
        public void withheld(String address) {}
    };

    void ejected(String address, EjectionCause cause);

    void readmitted(String address);

    /** It deserved to be ejected, but too many are already. */
    void withheld(String address);
}
