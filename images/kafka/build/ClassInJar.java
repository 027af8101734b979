import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A class in a jar, whose methods can be rewritten one by one in place. The types that it extends must be on the class path. */
record ClassInJar(Path jar, ClassDesc of) {
    private static final ClassFile CLASS_FILE = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));

    void rewrite(String method, Supplier<CodeTransform> how) throws IOException {
        rewrite(method, each -> each.methodName().equalsString(method), how);
    }

    /** @throws IllegalStateException the class does not have exactly one such method */
    void rewrite(String called, Predicate<MethodModel> which, Supplier<CodeTransform> how) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            Path path = files.getPath("/" + of.descriptorString().substring(1).replace(';', '.') + "class");
            ClassModel model = CLASS_FILE.parse(Files.readAllBytes(path));
            long found = model.methods().stream().filter(which).count();
            if (found != 1) {
                throw new IllegalStateException(path + " has " + found + " methods " + called + ", not one: is it another Debezium?");
            }
            Files.write(path, CLASS_FILE.transformClass(model,
                    ClassTransform.transformingMethodBodies(which, CodeTransform.ofStateful(how))));
            System.out.println(path + ": " + called);
        }
    }
}
