import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.invoke.LambdaMetafactory;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes Scala's lambdas in jars plain ones: {@code java -cp CLASS_PATH PlainLambdas.java JAR...}.
 *
 * <p>Scala makes each lambda serializable, by {@code LambdaMetafactory.altMetafactory}. Java's ahead-of-time cache holds only lambdas of the plain
 * {@code metafactory}, so the broker made more than a thousand classes at each start. Kafka serializes no lambda.
 */
public final class PlainLambdas {
    private static final ClassDesc FACTORY = LambdaMetafactory.class.describeConstable().orElseThrow();
    private static final DirectMethodHandleDesc PLAIN = ConstantDescs.ofCallsiteBootstrap(
            FACTORY, "metafactory", ConstantDescs.CD_CallSite,
            ConstantDescs.CD_MethodType, ConstantDescs.CD_MethodHandle, ConstantDescs.CD_MethodType);
    /** To compute the stack map frames of changed methods, it has to know which types are classes and which are interfaces. */
    private static final ClassFile CLASS_FILE = ClassFile.of(
            ClassFile.DeadCodeOption.KEEP_DEAD_CODE,
            ClassFile.ClassHierarchyResolverOption.of(
                    ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));

    private int rewritten;

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            PlainLambdas lambdas = new PlainLambdas();
            lambdas.rewrite(Path.of(jar));
            System.out.println(jar + ": " + lambdas.rewritten + " plain lambdas");
            if (lambdas.rewritten == 0) {
                throw new IllegalStateException(jar + " has no lambda of Scala's: is it the right jar?");
            }
        }
    }

    private void rewrite(Path jar) throws IOException {
        try (var files = FileSystems.newFileSystem(jar); var paths = Files.walk(files.getPath("/"))) {
            for (Path path : (Iterable<Path>) paths.filter(each -> each.toString().endsWith(".class"))::iterator) {
                int before = rewritten;
                byte[] plain = CLASS_FILE.transformClass(
                        CLASS_FILE.parse(Files.readAllBytes(path)),
                        ClassTransform.transformingMethodBodies((code, element) -> {
                            Optional<DynamicCallSiteDesc> call = element instanceof InvokeDynamicInstruction instruction
                                    ? plain(instruction) : Optional.empty();
                            call.ifPresentOrElse(code::invokedynamic, () -> code.with(element));
                            rewritten += call.isPresent() ? 1 : 0;
                        }));
                if (rewritten > before) {
                    Files.write(path, plain);
                }
            }
        }
    }

    /** The same lambda by the plain factory; empty when the call makes no lambda of Scala's, or one that the plain factory cannot make. */
    private static Optional<DynamicCallSiteDesc> plain(InvokeDynamicInstruction call) {
        if (!call.bootstrapMethod().owner().equals(FACTORY)
                || !call.bootstrapMethod().methodName().equals("altMetafactory")) {
            return Optional.empty();
        }
        List<ConstantDesc> args = call.bootstrapArgs();
        int flags = (Integer) args.get(3);
        int next = 4;
        if ((flags & LambdaMetafactory.FLAG_MARKERS) != 0) {
            return Optional.empty();
        }
        if ((flags & LambdaMetafactory.FLAG_BRIDGES) != 0) {
            int bridges = (Integer) args.get(next++);
            // Scala always adds a bridge of the lambda's own type, which no interface has. Other bridges may be called.
            if (!args.subList(next, next + bridges).stream().allMatch(args.get(2)::equals)) {
                return Optional.empty();
            }
        }
        return Optional.of(DynamicCallSiteDesc.of(
                PLAIN, call.name().stringValue(), call.typeSymbol(), args.get(0), args.get(1), args.get(2)));
    }
}
