/** What a volume holds once it has left the guest's memory: the only thing that a snapshot sees. */
export interface Disk {
  /** `none`: not formatted (or wiped), cannot be mounted. */
  fileSystem: 'xfs' | 'ext4' | 'none';
  /** `dirty` while mounted and not frozen: a copy taken then needs its journal replayed. */
  journal: 'clean' | 'dirty';
  /** Path inside the file system -> content. */
  files: Map<string, string>;
  /** Writes that reached the disk so far; grows by one per file flushed. */
  writes: number;
}

/** An empty disk: formatted when a file system is named, else blank. */
export function createDisk(fileSystem: Disk['fileSystem'] = 'none'): Disk {
  return { fileSystem, journal: 'clean', files: new Map(), writes: 0 };
}

/** The disk as it is at this instant; later writes to the original do not show. */
export function copyDisk(disk: Disk): Disk {
  return { ...disk, files: new Map(disk.files) };
}

/** Scrambles every file, as a bad upgrade or a ransom note would; the file system itself still mounts. */
export function corruptDisk(disk: Disk): void {
  for (const path of disk.files.keys()) {
    disk.files.set(path, '\u0000corrupt\u0000');
  }
  disk.writes += 1;
}

/** Destroys the file system with all it holds. */
export function wipeDisk(disk: Disk): void {
  disk.files.clear();
  disk.fileSystem = 'none';
  disk.journal = 'clean';
  disk.writes += 1;
}
