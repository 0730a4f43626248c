package dev.presage.router.yaml;

/** Told which fields a reader asks for and what it takes, so that the reference of fields is what the readers do. */
public interface YamlWatch {
    YamlWatch NONE = (path, form) -> {};

    /** The form of a mapping whose fields may have any name. */
    String ANY_NAME = "fields of any name";

    /**
     * A field was asked for or read.
     *
     * @param path as in {@link YamlNode#path()}
     * @param form what may be given, with its bounds; {@code required}; or empty when a field was asked for that may be absent
     */
    void read(String path, String form);
}
