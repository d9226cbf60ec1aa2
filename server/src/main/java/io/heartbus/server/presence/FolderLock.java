package io.heartbus.server.presence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What keeps other servers out of a folder for as long as it is open; the kernel lets go of it. */
final class FolderLock implements AutoCloseable {
  private static final String NAME = "lock";

  /**
   * Folders that this process has. Asked before the file is touched: to open and close it once more
   * would free the lock, which belongs to the process.
   */
  private static final Set<Path> USED_HERE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel file;

  private FolderLock(Path folder, FileChannel file) {
    this.folder = folder;
    this.file = file;
  }

  /**
   * Takes a folder that is there.
   *
   * @throws IOException when another log has it
   */
  static FolderLock take(Path dir, DiskAccess disk) throws IOException {
    Path folder = dir.toRealPath();
    if (!USED_HERE.add(folder)) {
      throw new IOException("another log of this process uses " + dir);
    }
    try {
      FileChannel file =
          disk.opener()
              .open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (file.tryLock() != null) {
        return new FolderLock(folder, file);
      }
      file.close();
      throw new IOException("another server uses " + dir);
    } catch (IOException | RuntimeException failed) {
      USED_HERE.remove(folder);
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      USED_HERE.remove(folder);
    }
  }
}
