using NUnit.Framework;

// Fixtures marked Parallelizable keep two processors busy; those that count memory, inject faults, time, or change what belongs to
// the process are not marked, and so run by themselves.
[assembly: LevelOfParallelism(2)]
