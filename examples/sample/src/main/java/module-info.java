/** A program that downloads, on the module path. */
module org.example.fetcher {
    requires dev.spate.engine;
}
